/** `dateTime` as agents and servers send it. */

const ZONE = /(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970; without a zone the time is UTC ([MS-WUSP] 2.2.2.3.1; between servers always). NaN where it is no time. */
export const instantOf = (dateTime: string): number =>
  Date.parse(ZONE.test(dateTime) ? dateTime : `${dateTime}Z`);

/** What stops a simulated agent that is not a fault in the protocol's own words. */
export type AgentErrorCode =
  | 'HTTP_STATUS'
  | 'CONTENT_ENCODING'
  | 'ANSWER_INCOMPLETE'
  | 'FRAGMENT_MALFORMED'
  | 'RULE_UNKNOWN'
  | 'SCAN_ENDLESS'
  | 'CONTENT_RANGE'
  | 'CONTENT_SIZE'
  | 'CONTENT_DIGEST'
  | 'CONTENT_LOCATION'
  | 'REPORT_REFUSED';

export class AgentError extends Error {
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AgentError';
    this.code = code;
  }
}

/** The value, or the error that says what the server left out. */
export function expectPart<T>(part: T | undefined, what: string): T {
  if (part === undefined) throw new AgentError('ANSWER_INCOMPLETE', `The server answered without ${what}.`);
  return part;
}

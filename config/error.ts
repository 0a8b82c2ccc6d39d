/** What is wrong with the configuration, said so that it can be put right. */

/** Facts of one complaint; together they make the message. */
export interface ConfigComplaint {
  /** The file or the environment variable that says it. */
  readonly source: string;
  /** Dotted path of the key, `listeners.client.0.port`; empty for the whole. */
  readonly path: string;
  readonly found: string;
  readonly accepted: string;
}

/** Stops the start. `complaints` holds one entry for everything that was wrong, not only the first. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly complaints: readonly ConfigComplaint[];

  constructor(complaints: readonly ConfigComplaint[], options?: ErrorOptions) {
    super(complaints.map(sentence).join('\n'), options);
    this.name = 'ConfigError';
    this.complaints = complaints;
  }
}

function sentence({ source, path, found, accepted }: ConfigComplaint): string {
  const where = path === '' ? source : `${source}: ${path}`;
  return `${where}: found ${found}; accepted: ${accepted}.`;
}

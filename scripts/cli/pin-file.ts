/** The configuration file as `sluice upstream pin` reads and changes it: comments and order stay as they are. */
import { chmodSync, chownSync, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import { reasonOf } from '../../config/error-facts.ts';
import { ConfigError } from '../../config/load.ts';
import { Pin } from '../../config/pin.ts';
import { Upstream } from '../../config/schema.ts';
import { writeWhole } from '../../server/pki/private-file.ts';

/** What is there of the upstream server before its pins are; of the rest of the file nothing is asked. */
const Known = z.looseObject({
  upstream: Upstream.extend({ url: Upstream.shape.url.unwrap(), pins: Pin.array() }).partial().optional(),
});

export type KnownUpstream = NonNullable<z.infer<typeof Known>['upstream']>;

/** Somebody else wrote the file while the fingerprint was asked for; their changes are not undone. */
export class PinFileChanged extends Error {
  readonly code = 'CONFIG_CHANGED_MEANWHILE';

  constructor(path: string) {
    super(`${path} was changed meanwhile. Nothing was recorded; run the command again.`);
    this.name = 'PinFileChanged';
  }
}

export class PinFile {
  readonly path: string;
  /** What was read. */
  readonly #text: string;
  readonly #document: Document;
  readonly upstream: KnownUpstream;
  /** Whether the file has an upstream server, be it one of which it says nothing. */
  readonly hasUpstream: boolean;

  private constructor(path: string, text: string, document: Document, upstream: KnownUpstream | undefined) {
    this.path = path;
    this.#text = text;
    this.#document = document;
    this.hasUpstream = upstream !== undefined;
    this.upstream = upstream ?? {};
  }

  /**
   * @param path a file that need not be there yet
   * @throws ConfigError
   */
  static open(path: string): PinFile {
    const complain = (found: string, accepted: string, at = ''): ConfigError =>
      new ConfigError([{ source: path, path: at, found, accepted }]);
    let text = '';
    try {
      if (existsSync(path)) text = readFileSync(path, 'utf8');
    } catch (error) {
      throw complain(`an unreadable file (${reasonOf(error)})`, 'a YAML file that this account may read');
    }
    const document = parseDocument(text);
    const [problem] = document.errors;
    if (problem !== undefined)
      throw complain(`no YAML (${reasonOf(problem)})`, 'YAML as in config/sluice.sample.yaml');
    const known = Known.safeParse(withoutNull(document.toJS({ maxAliasCount: 100 })));
    const [issue] = known.error?.issues ?? [];
    if (known.data === undefined)
      throw complain(
        issue?.message ?? 'nothing',
        'keys as in config/sluice.sample.yaml',
        issue?.path.join('.'),
      );
    const { upstream } = known.data;
    if (upstream?.trustAnchors !== undefined)
      upstream.trustAnchors = upstream.trustAnchors.map((file) => resolve(dirname(path), file));
    return new PinFile(path, text, document, upstream);
  }

  /** Puts a value where the file has none. */
  add(key: 'url' | 'proxy' | 'trustAnchors', value: string | readonly string[]): void {
    if (!this.#document.hasIn(['upstream', key])) this.#set(key, value);
  }

  /** Puts one pin behind those that are there. */
  addPin(pin: string): void {
    this.#set('pins', [...(this.upstream.pins ?? []), pin]);
  }

  /**
   * Whole or not at all; mode and owner stay.
   *
   * @throws PinFileChanged
   */
  async write(): Promise<void> {
    const isThere = existsSync(this.path);
    if ((isThere ? readFileSync(this.path, 'utf8') : '') !== this.#text) throw new PinFileChanged(this.path);
    const file = isThere ? realpathSync(this.path) : this.path;
    const before = isThere ? statSync(file) : undefined;
    const mode = (before?.mode ?? 0o600) & 0o777;
    await writeWhole(file, this.#document.toString({ lineWidth: 0 }), mode);
    if (before === undefined) return;
    const after = statSync(file);
    if (before.uid !== after.uid || before.gid !== after.gid) chownSync(file, before.uid, before.gid);
    // This account's umask may allow less than the file did: the relay's own account must still read it.
    if ((after.mode & 0o777) !== mode) chmodSync(file, mode);
  }

  #set(key: string, value: string | readonly string[]): void {
    // "upstream:" with everything below it commented out is null, in which nothing can be set.
    if (this.#document.getIn(['upstream']) === null) this.#document.deleteIn(['upstream']);
    this.#document.setIn(['upstream', key], this.#document.createNode(value));
  }
}

/** As in loading: a key with nothing behind it counts as not given. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== 'object' || value === null) return value ?? {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, typeof inner === 'object' ? withoutNull(inner) : inner]),
  );
}

/** From a YAML file and the environment to a configuration that is right, or a message that says what is wrong. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { acceptedAt, descriptionAt } from './accepted.ts';
import { reasonOf } from './error-facts.ts';
import { isFolder } from './content-sources.ts';
import { readEnvironment } from './environment.ts';
import type { Override } from './environment.ts';
import { ConfigError } from './error.ts';
import type { ConfigComplaint } from './error.ts';
import { findServersWithoutProof } from './downstream.ts';
import { ROLES, findListenerConflicts } from './listener-conflicts.ts';
import { findMissingRoots } from './signature-policy.ts';
import type { Conflict } from './listener-conflicts.ts';
import { Config } from './schema.ts';
import { ACCEPTED_SECRET_FILE, SecretFileError, readSecretFile } from './secret-file.ts';

export { ConfigError } from './error.ts';

export interface LoadOptions {
  /** Path of the YAML file; left out: defaults and environment only. */
  readonly file?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

type Path = readonly (string | number)[];

/** Where each value came from, for messages and for what a relative path is relative to. */
class Origins {
  readonly #file: string | undefined;
  readonly #overrides: readonly Override[];

  constructor(file: string | undefined, overrides: readonly Override[]) {
    this.#file = file;
    this.#overrides = overrides;
  }

  #override(path: Path): Override | undefined {
    return this.#overrides.findLast(({ path: own }) => own.every((key, index) => path[index] === key));
  }

  nameOf(path: Path): string {
    const override = this.#override(path);
    if (override !== undefined) return `environment variable ${override.variable}`;
    return this.#file ?? 'configuration';
  }

  /** The file's folder; for what the environment says, the working directory. */
  folderOf(path: Path): string {
    return this.#override(path) === undefined && this.#file !== undefined
      ? dirname(resolve(this.#file))
      : process.cwd();
  }
}

/**
 * Reads the file, lays the environment over it, checks everything and makes paths absolute.
 *
 * Example: `loadConfig({ file: '/etc/sluice.yaml', env: process.env })`.
 *
 * @throws ConfigError with every complaint at once: the file or variable, the key's path, what was found, what is accepted
 */
export function loadConfig({ file, env }: LoadOptions): Config {
  const overrides = readEnvironment(env);
  const origins = new Origins(file, overrides);
  const document = file === undefined ? {} : readDocument(file);
  const raw = overrides.reduce((whole, { path, value }) => withValue(whole, path, value), document);
  const parsed = Config.safeParse(raw);
  if (!parsed.success) throw new ConfigError(complaintsOf(parsed.error, raw, origins));
  const config = withAbsolutePaths(parsed.data, origins);
  const complaints = [
    ...findListenerConflicts(config),
    ...findServersWithoutProof(config.downstream),
    ...findMissingRoots(config.content),
    ...findUnreadableFiles(config),
    ...findRefusedSecrets(config),
  ];
  if (complaints.length > 0) {
    throw new ConfigError(
      complaints.map(({ path, found, accepted }) => ({
        source: origins.nameOf(path),
        path: path.join('.'),
        found,
        accepted,
      })),
    );
  }
  return config;
}

function readDocument(file: string): unknown {
  const complain = (found: string, accepted: string, cause: unknown): ConfigError =>
    new ConfigError([{ source: file, path: '', found, accepted }], { cause });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw complain(
      `an unreadable file (${reasonOf(error)})`,
      'a YAML file that this account may read',
      error,
    );
  }
  let document: unknown;
  try {
    document = parseYaml(text, { maxAliasCount: 100 });
  } catch (error) {
    throw complain(`no YAML (${reasonOf(error)})`, 'YAML as in config/sluice.sample.yaml', error);
  }
  return withoutEmpty(document) ?? {};
}

/** A key with nothing behind it (all below it commented out) counts as not given. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value ?? undefined;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, withoutEmpty(inner)] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of `whole` with `value` at `path`; a list that is not given starts from its default. */
function withValue(whole: unknown, path: Path, value: unknown, above: Path = []): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const here = [...above, key];
  if (typeof key === 'number') {
    const list = isList(whole) ? [...whole] : [];
    list[key] = withValue(list[key] ?? {}, rest, value, here);
    return Array.from(list);
  }
  const record = isRecord(whole) ? whole : {};
  const inner = record[key] ?? (typeof rest[0] === 'number' ? defaultAt(here) : undefined);
  return { ...record, [key]: withValue(inner, rest, value, here) };
}

function defaultAt(path: Path): unknown {
  let value: unknown = Config.parse({});
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return value;
}

function complaintsOf(error: z.ZodError, raw: unknown, origins: Origins): ConfigComplaint[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        source: origins.nameOf([...path, key]),
        path: [...path, key].join('.'),
        found: 'an unknown key',
        accepted: acceptedAt(path),
      }));
    }
    return [
      {
        source: origins.nameOf(path),
        path: path.join('.'),
        found: show(valueAt(raw, path)),
        // What a key's description says is better than the words that a check without any has.
        accepted: issue.code === 'custom' ? (descriptionAt(path) ?? issue.message) : acceptedAt(path),
      },
    ];
  });
}

function valueAt(whole: unknown, path: Path): unknown {
  let value = whole;
  for (const key of path) {
    if (typeof key === 'number') value = isList(value) ? value[key] : undefined;
    else value = isRecord(value) ? value[key] : undefined;
  }
  return value;
}

const SHOWN_CHARACTERS = 200;

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

function withAbsolutePaths(config: Config, origins: Origins): Config {
  const absolute = (path: Path, value: string): string => resolve(origins.folderOf(path), value);
  const result = structuredClone(config);
  result.dataDirectory = absolute(['dataDirectory'], result.dataDirectory);
  for (const role of ROLES) {
    for (const [index, endpoint] of result.listeners[role].entries()) {
      for (const key of ['certificateFile', 'keyFile'] as const) {
        const value = endpoint[key];
        if (value !== undefined) endpoint[key] = absolute(['listeners', role, index, key], value);
      }
    }
  }
  result.content.sources = result.content.sources.map((source, index) =>
    isFolder(source) ? absolute(['content', 'sources', index], source) : source,
  );
  const anchors = result.upstream?.trustAnchors;
  if (result.upstream !== undefined && anchors !== undefined) {
    result.upstream.trustAnchors = anchors.map((value, index) =>
      absolute(['upstream', 'trustAnchors', index], value),
    );
  }
  const { signatureRoots } = result.content;
  if (signatureRoots !== undefined) {
    result.content.signatureRoots = signatureRoots.map((value, index) =>
      absolute(['content', 'signatureRoots', index], value),
    );
  }
  if (result.upstream?.secretFile !== undefined)
    result.upstream.secretFile = absolute(['upstream', 'secretFile'], result.upstream.secretFile);
  for (const [index, server] of result.downstream.servers.entries()) {
    if (server.secretFile === undefined) continue;
    server.secretFile = absolute(['downstream', 'servers', index, 'secretFile'], server.secretFile);
  }
  return result;
}

/** Secrets are read anew whenever one is needed; one that could not be is better known at the start. */
function findRefusedSecrets({ upstream, downstream }: Config): Conflict[] {
  const named: { path: Path; file: string | undefined }[] = [
    { path: ['upstream', 'secretFile'], file: upstream?.secretFile },
    ...downstream.servers.map(({ secretFile }, index) => ({
      path: ['downstream', 'servers', index, 'secretFile'],
      file: secretFile,
    })),
  ];
  return named.flatMap(({ path, file }) => {
    if (file === undefined) return [];
    try {
      readSecretFile(file);
      return [];
    } catch (error) {
      if (!(error instanceof SecretFileError)) throw error;
      return [{ path, found: error.message.replace(/\.$/, ''), accepted: ACCEPTED_SECRET_FILE }];
    }
  });
}

function findUnreadableFiles(config: Config): { path: Path; found: string; accepted: string }[] {
  const named: { path: Path; file: string }[] = [];
  for (const role of ROLES) {
    for (const [index, endpoint] of config.listeners[role].entries()) {
      for (const key of ['certificateFile', 'keyFile'] as const) {
        const file = endpoint[key];
        if (file !== undefined) named.push({ path: ['listeners', role, index, key], file });
      }
    }
  }
  for (const [index, file] of (config.upstream?.trustAnchors ?? []).entries()) {
    named.push({ path: ['upstream', 'trustAnchors', index], file });
  }
  for (const [index, file] of (config.content.signatureRoots ?? []).entries()) {
    named.push({ path: ['content', 'signatureRoots', index], file });
  }
  return named.flatMap(({ path, file }) => {
    try {
      accessSync(file, constants.R_OK);
      return [];
    } catch (error) {
      return [
        {
          path,
          found: `${file}, which cannot be read (${reasonOf(error)})`,
          accepted: 'a PEM file that this account may read',
        },
      ];
    }
  });
}

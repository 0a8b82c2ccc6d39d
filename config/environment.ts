/**
 * Environment variables over the file: `SLUICE_LIMITS__REQUEST_BYTES=8000000` is `limits.requestBytes`. Two underscores
 * go one level down, single ones and case do not count, a number goes into a list. Values are read as YAML (so JSON too).
 */
import { parse as parseYaml } from 'yaml';
import { acceptedAt, isListAt, keysUnder } from './accepted.ts';
import { reasonOf } from './error-facts.ts';
import { ConfigError } from './error.ts';

const ENVIRONMENT_PREFIX = 'SLUICE_';

/** One variable, understood. */
export interface Override {
  readonly variable: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * Every variable of ours, in the order in which they apply: a whole list before one of its elements.
 *
 * @throws ConfigError for a variable that names no key or holds no YAML
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Override[] {
  const overrides: Override[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined || !variable.startsWith(ENVIRONMENT_PREFIX)) continue;
    overrides.push({ variable, path: pathOf(variable), value: parseValue(variable, text) });
  }
  return overrides.sort(
    (a, b) => a.path.length - b.path.length || a.path.join('.').localeCompare(b.path.join('.')),
  );
}

function pathOf(variable: string): (string | number)[] {
  const path: (string | number)[] = [];
  for (const segment of variable.slice(ENVIRONMENT_PREFIX.length).split('__')) {
    path.push(isListAt(path) ? indexOf(segment, variable, path) : keyOf(segment, variable, path));
  }
  return path;
}

function keyOf(segment: string, variable: string, parent: readonly (string | number)[]): string {
  const wanted = segment.replaceAll('_', '').toLowerCase();
  const key = keysUnder(parent).find((candidate) => candidate.toLowerCase() === wanted);
  if (key !== undefined) return key;
  throw new ConfigError([
    {
      source: `environment variable ${variable}`,
      path: parent.join('.'),
      found: `the unknown key ${segment}`,
      accepted:
        parent.length === 0
          ? `${ENVIRONMENT_PREFIX}<KEY>__<KEY below it> with ${acceptedAt([])} (a file is named by --config FILE)`
          : acceptedAt(parent),
    },
  ]);
}

/** Lists are short; a bound keeps one variable from making a long one. */
const MAXIMUM_INDEX = 99;

function indexOf(segment: string, variable: string, parent: readonly (string | number)[]): number {
  const index = /^\d{1,2}$/.test(segment) ? Number(segment) : Number.NaN;
  if (Number.isInteger(index)) return index;
  throw new ConfigError([
    {
      source: `environment variable ${variable}`,
      path: parent.join('.'),
      found: `${segment} as the place in the list`,
      accepted: `a number from 0 to ${MAXIMUM_INDEX}`,
    },
  ]);
}

function parseValue(variable: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw new ConfigError(
      [
        {
          source: `environment variable ${variable}`,
          path: '',
          found: `no YAML (${reasonOf(error)})`,
          accepted: 'one YAML or JSON value; put text with special characters in quotes',
        },
      ],
      { cause: error },
    );
  }
}

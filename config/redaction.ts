/** Keeps secrets out of logs, whoever logs them: by the name of the field, and by their look inside a text. */
import { types } from 'node:util';
import type { Logform } from 'winston';

const MASK = '[not logged]';

/** Names of fields whose value is never written, whatever stands before or after the word. */
const SECRET_NAME =
  /pass(word|phrase|wd)?$|secret|cookie|token|authori[sz]ation|credential|private_?key|^key$|(api|cookie|seal|csrf|session)_?keys?$|encrypteddata|csrf/i;

/** Names that look like secrets and are not. */
const HARMLESS_NAME = /^(cookieLifetime|tokenCount|keyPath|publicKey.*)$/;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const HEADER = /\b((?:set-)?cookie|(?:proxy-)?authorization|x-csrf-token)(["']?\s*[:=]\s*)[^\r\n]*/gi;
const ASSIGNMENT =
  /\b(\w*(?:password|passwd|passphrase|secret|token|api[_-]?key))(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&}<]+)/gi;
const XML_COOKIE = /<((?:\w+:)?(?:EncryptedData|CookieData))>[^<]*/gi;
const URL_CREDENTIALS = /\b([a-z][a-z\d+.-]*:\/\/)[^/\s:@]*:[^/\s@]*@/gi;

const MAXIMUM_DEPTH = 8;

/** The entry with every secret masked. Symbols that winston keeps for itself stay. */
export function redact(info: Logform.TransformableInfo): Logform.TransformableInfo {
  for (const [name, value] of Object.entries(info)) info[name] = clean(name, value, 0, new Set());
  return info;
}

function clean(name: string, value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (value === undefined || value === null) return value;
  if (SECRET_NAME.test(name) && !HARMLESS_NAME.test(name)) return MASK;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value;
  if (types.isDate(value)) return value;
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAXIMUM_DEPTH || above.has(value)) return '[…]';
  const below = new Set([...above, value]);
  if (types.isNativeError(value)) return cleanError(value, depth, below);
  if (Array.isArray(value)) return value.map((item: unknown) => clean('', item, depth + 1, below));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, clean(key, inner, depth + 1, below)]),
  );
}

function cleanError(error: Error, depth: number, above: ReadonlySet<object>): unknown {
  return {
    ...Object.fromEntries(
      Object.entries(error).map(([key, inner]) => [key, clean(key, inner, depth + 1, above)]),
    ),
    name: error.name,
    message: cleanText(error.message),
    stack: error.stack === undefined ? undefined : cleanText(error.stack),
    cause: clean('', error.cause, depth + 1, above),
  };
}

/** A text with what looks like a secret masked. */
function cleanText(text: string): string {
  return text
    .replace(PRIVATE_KEY, MASK)
    .replace(HEADER, `$1$2${MASK}`)
    .replace(ASSIGNMENT, `$1$2${MASK}`)
    .replace(XML_COOKIE, `<$1>${MASK}`)
    .replace(URL_CREDENTIALS, `$1${MASK}@`);
}

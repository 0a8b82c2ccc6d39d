/** Where a content file lies, named by its digest as on Windows servers. */

const SHA1 = /^[0-9a-f]{40}$/i;
const EXTENSION = /^(?:\.[a-z0-9]{1,16})?$/i;

/**
 * `XX/SHA1HEX.ext`, XX being the last two digits, all hex in upper case; relative to the content folder, and to
 * `/Content/` in URLs. Nothing that is not a digest and a plain extension becomes a path.
 *
 * @param sha1 40 hex digits
 * @param extension with its dot, or empty
 * @throws RangeError
 * @example contentPath('da39a3ee5e6b4b0d3255bfef95601890afd80709', '.cab') // '09/DA39…0709.cab'
 */
export function contentPath(sha1: string, extension: string): string {
  if (!SHA1.test(sha1)) {
    throw new RangeError(`${JSON.stringify(sha1)} is not a SHA-1: 40 hex digits are needed.`);
  }
  if (!EXTENSION.test(extension)) {
    throw new RangeError(
      `${JSON.stringify(extension)} is no extension: a dot and up to 16 letters or digits, or nothing.`,
    );
  }
  const digest = sha1.toUpperCase();
  return `${digest.slice(-2)}/${digest}${extension.toLowerCase()}`;
}

/**
 * Where a file is while it is received, relative to the content folder.
 *
 * @param sha1 40 hex digits
 * @throws RangeError
 */
export function incomingPath(sha1: string): string {
  if (!SHA1.test(sha1)) {
    throw new RangeError(`${JSON.stringify(sha1)} is not a SHA-1: 40 hex digits are needed.`);
  }
  return `.incoming/${sha1.toLowerCase()}`;
}

/**
 * The extension of a file's name in lower case with its dot; empty where it has none that is plain.
 *
 * @example extensionOf('Windows10-KB1.MSU') // '.msu'
 */
export function extensionOf(fileName: string): string {
  const found = /\.[A-Za-z0-9]{1,16}$/.exec(fileName);
  return found === null ? '' : found[0].toLowerCase();
}

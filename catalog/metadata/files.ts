/** `Files`: the content an update consists of, and the digests it is believed by. */
import {
  attributeOf,
  childOf,
  childrenOf,
  invalid,
  missing,
  requiredAttribute,
  textOf,
} from './element-reading.ts';
import type { UpdateFile } from './model.ts';
import { UPDATE } from './namespaces.ts';
import { LARGEST_SIZE, readBoolean, readDigest, readInteger } from './values.ts';
import type { XmlElement } from './xml-tree.ts';

export const parseFiles = (update: XmlElement): UpdateFile[] =>
  childrenOf(childOf(update, UPDATE, 'Files'), UPDATE, 'File').map(parseFile);

/** A `File` or an `EulaFile`. */
export function parseFile(element: XmlElement): UpdateFile {
  const algorithm = attributeOf(element, 'DigestAlgorithm') ?? 'SHA1';
  if (algorithm.toUpperCase() !== 'SHA1')
    throw invalid(`${element.name}/@DigestAlgorithm`, algorithm, 'SHA1');
  const fileName = requiredAttribute(element, 'FileName');
  if (fileName === '') throw missing(`${element.name}/@FileName`);
  const sha256 = parseSha256(element);
  const patchingType = attributeOf(element, 'PatchingType');
  const modified = attributeOf(element, 'Modified');
  const isEncrypted = readBoolean(
    `${element.name}/@IsEncrypted`,
    attributeOf(element, 'IsEncrypted') ?? 'false',
  );
  return {
    sha1: readDigest(`${element.name}/@Digest`, 'SHA1', requiredAttribute(element, 'Digest')),
    fileName,
    size: readInteger(`${element.name}/@Size`, requiredAttribute(element, 'Size'), LARGEST_SIZE),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(patchingType === undefined ? {} : { patchingType }),
    ...(modified === undefined ? {} : { modified }),
    ...(isEncrypted ? { isEncrypted } : {}),
  };
}

function parseSha256(element: XmlElement): string | undefined {
  const digest = childrenOf(element, UPDATE, 'AdditionalDigest').find(
    (child) => attributeOf(child, 'Algorithm')?.toUpperCase() === 'SHA256',
  );
  return digest === undefined
    ? undefined
    : readDigest(`${element.name}/AdditionalDigest`, 'SHA256', textOf(digest));
}

/** What an agent learns of an update beyond its rules: title, files and where they are ([MS-WUSP] 3.1.5.9). */
import { clientService, GetExtendedUpdateInfo, GetFileLocations } from '../../protocol/wusp/client.ts';
import { expectPart } from './error.ts';
import { childOf, readFragment, rootOf } from './fragment.ts';
import type { FragmentElement } from './fragment.ts';
import type { ScanParts } from './scan.ts';

export interface AgentFile {
  readonly fileName: string;
  /** Bytes. */
  readonly size: number;
  readonly sha1: Buffer;
  /** Agents since Windows 8 demand it. */
  readonly sha256: Buffer;
}

export interface ExtendedInfo {
  title: string;
  rebootBehavior: string;
  files: readonly AgentFile[];
}

export interface ExtendedAnswer {
  readonly byRevision: ReadonlyMap<number, ExtendedInfo>;
  /** URL by SHA-1 in hex. */
  readonly locations: Map<string, string>;
  readonly outOfScope: readonly number[];
}

/** Asks in batches no larger than the server allows. */
export async function extendedInfo(
  parts: ScanParts,
  revisionIds: readonly number[],
): Promise<ExtendedAnswer> {
  const byRevision = new Map<number, ExtendedInfo>();
  const locations = new Map<string, string>();
  const outOfScope: number[] = [];
  const { locale } = parts.machine.profile;
  const batch = parts.session.largestExtendedRequest;
  for (let start = 0; start < revisionIds.length; start += batch) {
    const { GetExtendedUpdateInfoResult } = await parts.session.withCookie((cookie) =>
      parts.client.call(clientService, GetExtendedUpdateInfo, {
        cookie,
        revisionIDs: revisionIds.slice(start, start + batch),
        infoTypes: ['Extended', 'LocalizedProperties'],
        locales: [...new Set([locale, locale.slice(0, 2), 'en'])],
      }),
    );
    const result = expectPart(GetExtendedUpdateInfoResult, 'GetExtendedUpdateInfoResult');
    for (const { ID, Xml } of result.Updates ?? [])
      takeFragment(byRevision, ID, Xml ?? '', locale.slice(0, 2));
    for (const { FileDigest, Url } of result.FileLocations ?? []) {
      if (FileDigest !== undefined && Url !== undefined) locations.set(FileDigest.toString('hex'), Url);
    }
    outOfScope.push(...(result.OutOfScopeRevisionIDs ?? []));
  }
  return { byRevision, locations, outOfScope };
}

/**
 * Where files are now, after they were not where they had been said to be. An agent that knows of no file asks all the
 * same: the answer's cookie says that it did.
 *
 * @returns URL by SHA-1 in hex
 */
export async function fileLocations(
  { session, client }: ScanParts,
  sha1s: readonly Buffer[],
): Promise<ReadonlyMap<string, string>> {
  const { GetFileLocationsResult } = await session.withCookie((cookie) =>
    client.call(clientService, GetFileLocations, { cookie, fileDigests: sha1s }),
  );
  session.keep(GetFileLocationsResult?.NewCookie);
  const locations = new Map<string, string>();
  for (const { FileDigest, Url } of GetFileLocationsResult?.FileLocations ?? []) {
    if (FileDigest !== undefined && Url !== undefined) locations.set(FileDigest.toString('hex'), Url);
  }
  return locations;
}

function takeFragment(known: Map<number, ExtendedInfo>, id: number, xml: string, language: string): void {
  const info = known.get(id) ?? { title: '', rebootBehavior: '', files: [] };
  known.set(id, info);
  const roots = readFragment(xml);
  const localized = rootOf(roots, 'LocalizedProperties');
  if (localized !== undefined) {
    const isOwn = childOf(localized, 'Language')?.text.toLowerCase().startsWith(language) ?? false;
    if (info.title === '' || isOwn) info.title = childOf(localized, 'Title')?.text ?? '';
    return;
  }
  const behaviour = childOf(rootOf(roots, 'ExtendedProperties'), 'InstallationBehavior');
  info.rebootBehavior = behaviour?.attributes['RebootBehavior'] ?? '';
  info.files = (rootOf(roots, 'Files')?.children ?? []).map(fileOf);
}

function fileOf(element: FragmentElement): AgentFile {
  const { attributes } = element;
  const fileName = attributes['FileName'] ?? '';
  const additional = element.children.find(
    (child) => child.name === 'AdditionalDigest' && child.attributes['Algorithm'] === 'SHA256',
  );
  return {
    fileName,
    size: Number(expectPart(attributes['Size'], `the Size of ${fileName}`)),
    sha1: Buffer.from(expectPart(attributes['Digest'], `the Digest of ${fileName}`), 'base64'),
    sha256: Buffer.from(expectPart(additional?.text, `the SHA256 digest of ${fileName}`), 'base64'),
  };
}

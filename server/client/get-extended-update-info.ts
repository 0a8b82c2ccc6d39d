/** GetExtendedUpdateInfo and ...Info2 ([MS-WUSP] 3.1.5.9): texts, files and handler data of what an agent needs. */
import type { OfferedRevision } from '../../catalog/scan/scan.ts';
import type { FragmentType } from '../../catalog/metadata/model.ts';
import { keysOfRevisions } from '../../catalog/store/content/decryption-keys.ts';
import { filesOfRevisions } from '../../catalog/store/content/files.ts';
import { itemWriter, writeResponsePieces } from '../../protocol/soap/codec.ts';
import { EscapedText } from '../../protocol/soap/escaped-text.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { PreparedItems } from '../../protocol/soap/prepared-items.ts';
import type { Read, ResponseToWrite, Write } from '../../protocol/soap/table.ts';
import {
  clientService,
  GetExtendedUpdateInfo,
  GetExtendedUpdateInfo2,
  type XmlUpdateFragmentType,
} from '../../protocol/wusp/client.ts';
import {
  ArrayOfUpdateData,
  type FileDecryption,
  type FileLocation,
} from '../../protocol/wusp/extended-update-info.ts';
import { implement, PreparedEnvelope, type Call, type ImplementedOperation } from '../soap/implementation.ts';
import { MAXIMUM_EXTENDED_UPDATES } from './configuration.ts';
import { contentOrigin, contentUrl, storedUrl } from './content-url.ts';
import type { ClientParts } from './parts.ts';

type InfoType = Read<typeof XmlUpdateFragmentType>;

/** Said whatever languages are asked for ([MS-WUSP] 2.2.2.2.6, locales); `all` marks texts for every language. */
const ALWAYS_LOCALES = ['en', 'all'];

/** Locales in one request; agents send two or three. */
const MAXIMUM_LOCALES = 100;

/** Characters that Windows allows the name of a locale (LOCALE_NAME_MAX_LENGTH). */
const LOCALE_LENGTH = 85;

export const getExtendedUpdateInfo = (parts: ClientParts): ImplementedOperation =>
  implement(GetExtendedUpdateInfo, ({ cookie, revisionIDs, infoTypes, locales }, call) => {
    const { target } = parts.tickets.admit(cookie);
    const requested = bounded(revisionIDs, 'revisionIDs');
    checkInfoTypes(infoTypes, locales);
    const snapshot = parts.snapshots.current();
    const offered: OfferedRevision[] = [];
    const outOfScope: number[] = [];
    for (const revisionId of new Set(requested)) {
      const found = snapshot.deploymentOf(target.groupIds, revisionId);
      if (found === undefined) outOfScope.push(revisionId);
      else offered.push(found);
    }
    const updates = updateData(parts, offered, infoTypes, locales);
    return sharedEnvelope(GetExtendedUpdateInfo, updates, call, {
      GetExtendedUpdateInfoResult: {
        Updates: updates.items,
        FileLocations: fileLocations(parts, call, offered),
        OutOfScopeRevisionIDs: outOfScope,
      },
    });
  });

/** The same by UpdateIdentity; what is not deployed to the client is left out. */
export const getExtendedUpdateInfo2 = (parts: ClientParts): ImplementedOperation =>
  implement(GetExtendedUpdateInfo2, ({ cookie, updateIDs, infoTypes, locales }, call) => {
    const { target } = parts.tickets.admit(cookie);
    const requested = bounded(updateIDs, 'updateIDs');
    checkInfoTypes(infoTypes, locales);
    const snapshot = parts.snapshots.current();
    // What is named several times is sent once, as for those who ask by RevisionID.
    const offered = new Map(
      requested
        .flatMap(
          ({ UpdateID, RevisionNumber }) =>
            snapshot.deploymentOfIdentity(target.groupIds, UpdateID, RevisionNumber) ?? [],
        )
        .map((found) => [found.revisionId, found]),
    )
      .values()
      .toArray();
    const updates = updateData(parts, offered, infoTypes, locales);
    return sharedEnvelope(GetExtendedUpdateInfo2, updates, call, {
      GetExtendedUpdateInfo2Result: {
        Updates: updates.items,
        FileLocations: fileLocations(parts, call, offered),
        ...(infoTypes.includes('FileDecryption')
          ? { FileDecryptionData: fileDecryptions(parts, offered) }
          : {}),
      },
    });
  });

/** What is sent of updates, and whether other answers carry the very same pieces. */
interface UpdateItems {
  readonly items: PreparedItems;
  readonly isKept: boolean;
}

/** What stands before the updates, by itself: as few as there are operations and versions of SOAP. */
const beginnings = new Map<string, Buffer>();

function beginningLike(piece: Buffer): Buffer {
  const text = piece.toString('latin1');
  const known = beginnings.get(text);
  if (known !== undefined) return known;
  beginnings.set(text, piece);
  return piece;
}

/** An answer that begins with pieces which other agents are sent too: compressed once, they serve all. */
function sharedEnvelope<O extends typeof GetExtendedUpdateInfo | typeof GetExtendedUpdateInfo2>(
  operation: O,
  { items, isKept }: UpdateItems,
  { soapVersion }: Call,
  response: ResponseToWrite<O>,
): PreparedEnvelope {
  const pieces = writeResponsePieces(clientService, operation, response, soapVersion);
  const [first, ...others] = pieces;
  if (first === undefined || !isKept || items.chunks.length === 0) return new PreparedEnvelope(pieces);
  return new PreparedEnvelope([beginningLike(first), ...others], 1 + items.chunks.length);
}

/** The key twice: WSUS "MUST return an array of size 1 … the same as the decryption key" ([MS-WUSP] 2.2.2.2.10). */
const fileDecryptions = (
  { db }: ClientParts,
  offered: readonly OfferedRevision[],
): Write<typeof FileDecryption>[] =>
  keysOfRevisions(db, revisionIdsOf(offered)).map(({ sha1, decryptionKey }) => ({
    FileDigest: Buffer.from(sha1, 'hex'),
    DecryptionKey: decryptionKey,
    SecurityData: [decryptionKey],
  }));

function bounded<T>(items: readonly T[] | undefined, parameter: string): readonly T[] {
  if (items === undefined || items.length > MAXIMUM_EXTENDED_UPDATES)
    throw new SoapFault('InvalidParameters', parameter);
  return items;
}

function checkInfoTypes(
  infoTypes: readonly InfoType[] | undefined,
  locales: readonly string[] | undefined,
): asserts infoTypes is readonly InfoType[] {
  if (infoTypes === undefined) throw new SoapFault('InvalidParameters', 'infoTypes');
  const isLocalized = infoTypes.includes('LocalizedProperties') || infoTypes.includes('Eula');
  if (
    (isLocalized && locales === undefined) ||
    (locales?.length ?? 0) > MAXIMUM_LOCALES ||
    locales?.some(({ length }) => length > LOCALE_LENGTH) === true
  )
    throw new SoapFault('InvalidParameters', 'locales');
}

const writeUpdate = itemWriter(ArrayOfUpdateData);

/** One entry for each fragment: the same ID occurs once for every type and language. */
function updateData(
  { extendedFragments }: ClientParts,
  offered: readonly OfferedRevision[],
  infoTypes: readonly InfoType[],
  locales: readonly string[] = [],
): UpdateItems {
  const cores = infoTypes.includes('Core')
    ? offered.map(({ revisionId, core }) => writeUpdate({ ID: revisionId, Xml: new EscapedText(core) }))
    : [];
  const types = (['Extended', 'LocalizedProperties', 'Eula'] satisfies FragmentType[]).filter((type) =>
    infoTypes.includes(type),
  );
  const fragments = extendedFragments.updates(revisionIdsOf(offered), types, [
    ...new Set([...locales.map((locale) => locale.toLowerCase()), ...ALWAYS_LOCALES]),
  ]);
  return { items: new PreparedItems([...cores, ...fragments]), isKept: cores.length === 0 };
}

/** Of the files of the revisions, whether their content is here yet or not, and although no file type was asked for. */
function fileLocations(
  { db, config, extendedFragments }: ClientParts,
  call: Call,
  offered: readonly OfferedRevision[],
): Write<typeof FileLocation>[] {
  if (config.content.store === 'none') {
    return filesOfRevisions(db, revisionIdsOf(offered)).map((file) => ({
      FileDigest: Buffer.from(file.sha1, 'hex'),
      Url: contentUrl(config, call, file),
    }));
  }
  const origin = contentOrigin(config, call);
  return extendedFragments.files(revisionIdsOf(offered)).map(({ digest, path, elsewhere }) => ({
    FileDigest: digest,
    Url: elsewhere ?? storedUrl(origin, path),
  }));
}

const revisionIdsOf = (offered: readonly OfferedRevision[]): number[] =>
  offered.map(({ revisionId }) => revisionId);

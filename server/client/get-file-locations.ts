/** GetFileLocations ([MS-WUSP] 3.1.5.10): where files of given digests are. */
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetFileLocations } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { contentUrl } from './content-url.ts';
import type { ClientParts } from './parts.ts';

/** Bytes of a SHA-1. */
const DIGEST_LENGTH = 20;

/** An agent asks for the files of a few updates; the largest known have some hundreds. */
const MAXIMUM_DIGESTS = 2000;

export const getFileLocations = (parts: ClientParts): ImplementedOperation =>
  implement(GetFileLocations, ({ cookie, fileDigests }, call) => {
    const { ticket } = parts.tickets.admit(cookie);
    if (
      fileDigests === undefined ||
      fileDigests.length > MAXIMUM_DIGESTS ||
      fileDigests.some(({ length }) => length !== DIGEST_LENGTH)
    )
      throw new SoapFault('InvalidParameters', 'fileDigests');
    const digests = new Set(fileDigests.map((digest) => digest.toString('hex')));
    return {
      GetFileLocationsResult: {
        FileLocations: [...digests].flatMap((sha1) => {
          const file = fileBySha1(parts.db, sha1);
          if (file === undefined) return [];
          return { FileDigest: Buffer.from(sha1, 'hex'), Url: contentUrl(parts.config, call, file) };
        }),
        // Whoever was told that locations changed has asked for those it needs: its next scan goes on.
        NewCookie: parts.tickets.issue({ ...ticket, fileLocations: parts.configuration.fileLocations }),
      },
    };
  });

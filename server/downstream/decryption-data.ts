/** GetUpdateDecryptionData ([MS-WSUSSS] 3.1.4.18): the keys of encrypted files, as the upstream server gave them. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetUpdateDecryptionData } from '../../protocol/wsusss/decryption.ts';
import { fileKeysOf } from '../../catalog/store/content/decryption-keys.ts';
import { implement } from '../soap/implementation.ts';
import type { DownstreamContext } from './context.ts';
import { MAXIMUM_UPDATES } from './limits.ts';
import { openSession } from './session.ts';

/** An update of which no file is here is left out. */
export const getUpdateDecryptionData = ({ db, cookies }: DownstreamContext) =>
  implement(GetUpdateDecryptionData, ({ cookie, updateIds }) => {
    openSession(cookies, cookie);
    if (updateIds === undefined || updateIds.length > MAXIMUM_UPDATES)
      throw new SoapFault('InvalidParameters', 'updateIds');
    return {
      GetUpdateDecryptionDataResult: {
        UpdateFileDecryptionData: updateIds.flatMap((identity) => {
          const files = fileKeysOf(db, {
            updateId: identity.UpdateID,
            revisionNumber: identity.RevisionNumber,
          });
          if (files.length === 0) return [];
          return {
            UpdateId: identity,
            FileDecryptionData: files.map(({ sha1, decryptionKey }) => ({
              FileDigest: Buffer.from(sha1, 'hex'),
              ...(decryptionKey === undefined ? {} : { DecryptionKey: decryptionKey }),
            })),
          };
        }),
      },
    };
  });

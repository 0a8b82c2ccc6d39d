/** DownloadFiles ([MS-WSUSSS] 3.1.4.11): a downstream server asks for content that is not here yet. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { DownloadFiles } from '../../protocol/wsusss/server-sync.ts';
import { wantFiles } from '../../catalog/store/downstream/downstream.ts';
import { durably } from '../soap/durably.ts';
import { implement } from '../soap/implementation.ts';
import type { DownstreamParts } from './context.ts';
import { openSession } from './session.ts';

const MAXIMUM_DIGESTS = 100;
const SHA1_BYTES = 20;

export const downloadFiles = ({ commits, db, cookies, config, now, contentWanted }: DownstreamParts) =>
  implement(DownloadFiles, async ({ cookie, fileDigestList }) => {
    openSession(cookies, cookie);
    if (
      fileDigestList === undefined ||
      fileDigestList.length > MAXIMUM_DIGESTS ||
      fileDigestList.some((digest) => digest.length !== SHA1_BYTES)
    ) {
      throw new SoapFault('InvalidParameters', 'fileDigestList');
    }
    // A relay that stores no content cannot fetch any; the downstream server was told so (CatalogOnlySync).
    if (config.content.store === 'none') return {};
    const sha1s = fileDigestList.map((digest) => digest.toString('hex'));
    const { unknown, wanted } = await durably({ commits }, () => wantFiles(db, sha1s, now()));
    if (wanted > 0) contentWanted();
    // The others are fetched all the same.
    if (unknown.length > 0) {
      const missing = unknown.map((sha1) => Buffer.from(sha1, 'hex').toString('base64'));
      throw new SoapFault('FileDigestsMissing', missing.join('|'));
    }
    return {};
  });

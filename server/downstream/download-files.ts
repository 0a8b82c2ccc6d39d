/** DownloadFiles ([MS-WSUSSS] 3.1.4.11): a downstream server asks for content that is not here yet. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { DownloadFiles } from '../../protocol/wsusss/server-sync.ts';
import { wantFiles } from '../../catalog/store/downstream/downstream.ts';
import { implement } from '../soap/implementation.ts';
import type { DownstreamContext } from './context.ts';
import { openSession } from './session.ts';

const MAXIMUM_DIGESTS = 100;
const SHA1_BYTES = 20;

export const downloadFiles = ({ db, cookies, config, now, contentWanted }: DownstreamContext) =>
  implement(DownloadFiles, ({ cookie, fileDigestList }) => {
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
    const { unknown, wanted } = wantFiles(
      db,
      fileDigestList.map((digest) => digest.toString('hex')),
      now(),
    );
    if (unknown.length > 0) {
      const missing = unknown.map((sha1) => Buffer.from(sha1, 'hex').toString('base64'));
      throw new SoapFault('FileDigestsMissing', missing.join('|'));
    }
    if (wanted > 0) contentWanted();
    return {};
  });

/** GetConfigData ([MS-WSUSSS] 3.1.4.4): how a downstream server is to synchronize. */
import { GetConfigData } from '../../protocol/wsusss/server-sync.ts';
import { implement } from '../soap/implementation.ts';
import { formatAnchor } from './anchor.ts';
import type { DownstreamContext } from './context.ts';
import { ALL_LANGUAGES, LANGUAGES } from './languages.ts';
import { openSession } from './session.ts';

/** What WSUS of Windows Server 2025 answers. */
const PROTOCOL_VERSION = '1.20';
export const MAXIMUM_UPDATES = 100;

/** Moves when the list of languages above does, which is with a new version of Sluice. */
const CONFIG_ANCHOR = formatAnchor(1, '2025-11-24T00:00:00Z');

/** `all` covers every language; single ones are listed so that a downstream server may choose among them. */
const LANGUAGE_LIST = [ALL_LANGUAGES, ...LANGUAGES].map(({ id, short, long }) => ({
  LanguageID: id,
  ShortLanguage: short,
  LongLanguage: long,
  Enabled: true,
}));

export const getConfigData = ({ cookies, config }: DownstreamContext) =>
  implement(GetConfigData, ({ cookie, configAnchor }) => {
    openSession(cookies, cookie);
    return {
      GetConfigDataResult: {
        CatalogOnlySync: config.content.store === 'none',
        // Content is fetched when something here or below asks for it.
        LazySync: true,
        ServerHostsPsfFiles: true,
        MaxNumberOfUpdatesPerRequest: MAXIMUM_UPDATES,
        // Driver sets are a matter between WSUS and Microsoft Update.
        MaxNumberOfDriverSetsPerRequest: 0,
        MaxNumberOfComputerIdsInRequest: 0,
        MaxNumberOfPnpHardwareIdsInRequest: 0,
        NewConfigAnchor: CONFIG_ANCHOR,
        ProtocolVersion: PROTOCOL_VERSION,
        // Only what changed since the anchor; WSUS leaves the list out when nothing did.
        ...(configAnchor === CONFIG_ANCHOR ? {} : { LanguageUpdateList: LANGUAGE_LIST }),
        MaxUpdatesPerRequestInGetUpdateDecryptionData: MAXIMUM_UPDATES,
      },
    };
  });

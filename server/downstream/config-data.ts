/** GetConfigData ([MS-WSUSSS] 3.1.4.4): how a downstream server is to synchronize. */
import { createHash } from 'node:crypto';
import { ALL_LANGUAGES, LANGUAGES } from '../../protocol/wsusss/languages.ts';
import { GetConfigData } from '../../protocol/wsusss/server-sync.ts';
import { implement } from '../soap/implementation.ts';
import { formatAnchor } from './anchor.ts';
import type { DownstreamContext } from './context.ts';
import {
  MAXIMUM_COMPUTER_IDS,
  MAXIMUM_DRIVER_SETS,
  MAXIMUM_HARDWARE_IDS,
  MAXIMUM_UPDATES,
} from './limits.ts';
import { openSession } from './session.ts';

/** What WSUS of Windows Server 2025 answers. */
const PROTOCOL_VERSION = '1.20';

/** Hex digits of a digest that fit into an anchor's counter. */
const DIGITS = 12;

/**
 * `all` covers every language; single ones are listed so that a downstream server may choose among them. One that this
 * relay does not ask its own upstream server for is not enabled.
 */
function languageList(asked: readonly string[] | undefined) {
  return [ALL_LANGUAGES, ...LANGUAGES].map(({ id, short, long }) => ({
    LanguageID: id,
    ShortLanguage: short,
    LongLanguage: long,
    Enabled: asked === undefined || asked.includes(short),
  }));
}

/** Moves when the list of languages does: with another configuration, or a new version of Sluice. */
const anchorOf = (list: unknown): string =>
  formatAnchor(
    Number.parseInt(createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, DIGITS), 16),
    '2025-11-24T00:00:00Z',
  );

export const getConfigData = ({ cookies, config }: DownstreamContext) =>
  implement(GetConfigData, ({ cookie, configAnchor }) => {
    openSession(cookies, cookie);
    const languages = languageList(config.upstream?.languages);
    const anchor = anchorOf(languages);
    return {
      GetConfigDataResult: {
        CatalogOnlySync: config.content.store === 'none',
        // Content is fetched when something here or below asks for it.
        LazySync: true,
        ServerHostsPsfFiles: config.content.express,
        MaxNumberOfUpdatesPerRequest: MAXIMUM_UPDATES,
        MaxNumberOfDriverSetsPerRequest: MAXIMUM_DRIVER_SETS,
        MaxNumberOfComputerIdsInRequest: MAXIMUM_COMPUTER_IDS,
        MaxNumberOfPnpHardwareIdsInRequest: MAXIMUM_HARDWARE_IDS,
        NewConfigAnchor: anchor,
        ProtocolVersion: PROTOCOL_VERSION,
        // Only what changed since the anchor; WSUS leaves the list out when nothing did.
        ...(configAnchor === anchor ? {} : { LanguageUpdateList: languages }),
        MaxUpdatesPerRequestInGetUpdateDecryptionData: MAXIMUM_UPDATES,
      },
    };
  });

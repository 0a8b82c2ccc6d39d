/** Which languages updates are asked for in ([MS-WSUSSS] 3.1.4.5.3.4), by what the upstream server calls them. */
import type { Read } from '../../protocol/soap/table.ts';
import { ALL_LANGUAGES } from '../../protocol/wsusss/languages.ts';
import type { ServerSyncLanguageData } from '../../protocol/wsusss/server-sync.ts';
import { UpstreamError } from './upstream-error.ts';

/**
 * @param asked short names; undefined for every language
 * @param offered the server's LanguageUpdateList
 * @returns language identifiers; empty for every language
 * @throws UpstreamError naming the languages that the server does not offer
 */
export function languageIds(
  asked: readonly string[] | undefined,
  offered: readonly Read<typeof ServerSyncLanguageData>[],
): number[] {
  // "When All Languages is set to TRUE, the specific language settings MUST be ignored" ([MS-WSUSSS] 3.1.1).
  const hasAll = offered.some(({ Enabled, LanguageID }) => Enabled && LanguageID === ALL_LANGUAGES.id);
  const enabled = new Map(
    offered
      .filter(({ Enabled }) => hasAll || Enabled)
      .map(({ ShortLanguage = '', LanguageID }) => [ShortLanguage.toLowerCase(), LanguageID]),
  );
  const unknown = (asked ?? []).filter((language) => !enabled.has(language));
  if (unknown.length > 0) {
    const names = [...enabled.keys()].sort().join(', ');
    const message = `The upstream server has no updates in ${unknown.join(', ')} (upstream.languages). It offers ${names === '' ? 'no languages to choose among' : names}.`;
    throw new UpstreamError('languages', message);
  }
  return (asked ?? []).flatMap((language) => enabled.get(language) ?? []);
}

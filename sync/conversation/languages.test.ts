/** Which of the upstream server's languages `upstream.languages` may name. */
import { itWithSamples, readSample } from '../../scripts/testing/protocol-samples.ts';
import { readResponse } from '../../protocol/soap/codec.ts';
import { GetConfigData, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { languageIds } from './languages.ts';

const language = (LanguageID: number, ShortLanguage: string, Enabled: boolean) => ({
  LanguageID,
  ShortLanguage,
  LongLanguage: ShortLanguage,
  Enabled,
});

describe('a language', () => {
  it('may be named where the upstream server enables it', () => {
    const offered = [language(0, 'all', false), language(1033, 'en', true), language(1031, 'de', false)];
    expect(languageIds(['en'], offered)).toEqual([1033]);
    expect(() => languageIds(['de'], offered)).toThrow(
      'The upstream server has no updates in de (upstream.languages). It offers en.',
    );
  });

  it('may be named whatever is said of it alone, where the upstream server supports all languages', () => {
    const offered = [language(0, 'all', true), language(1033, 'en', false), language(1031, 'de', false)];
    expect(languageIds(['de', 'en'], offered)).toEqual([1031, 1033]);
    expect(() => languageIds(['fr'], offered)).toThrow('It offers all, de, en.');
  });

  itWithSamples('may be named in the example of the specification, which supports all languages', () => {
    const body = readSample('openspecs-examples/MS-WSUSSS-08-GetConfigData-Response.xml').toString();
    const envelope = body.includes('Envelope')
      ? body
      : `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
    const answer = readResponse(serverSyncService, GetConfigData, Buffer.from(envelope));
    expect(languageIds(['en'], answer.GetConfigDataResult?.LanguageUpdateList ?? [])).toEqual([1033]);
  });
});

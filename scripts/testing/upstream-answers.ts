/** Answers of an upstream server, altered: what a test spoils them with. */
import { writeCabinet } from '../fixtures/compressed-cabinet.ts';
import type { Spoil, Spoiled } from './upstream-server.ts';

/** The server says that it takes ten documents at a time; then what else the test spoils. */
export const smallBatches =
  (spoil: Spoil): Spoil =>
  (operation: string, body: Buffer, request: Buffer): Spoiled | undefined => {
    const spoiled = spoil(operation, body, request);
    if (spoiled !== undefined || operation !== 'GetConfigData') return spoiled;
    return {
      body: Buffer.from(body.toString().replace(/(<MaxNumberOfUpdatesPerRequest>)\d+/, '$110')),
    };
  };

/** A SOAP fault as Windows servers write it. */
export function faultOf(errorCode: string): Buffer {
  return Buffer.from(
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>' +
      '<faultcode>soap:Client</faultcode><faultstring>Fault occurred</faultstring><detail>' +
      `<ErrorCode>${errorCode}</ErrorCode><Message></Message><ID>c0d69b9e-8a27-4b3a-9d1f-4f0bd1c0f6a1</ID>` +
      '</detail></soap:Fault></soap:Body></soap:Envelope>',
  );
}

const unescapeXml = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp|#\d+|#x[0-9a-f]+);/gi, (_, name: string) => {
    const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
    return named[name] ?? String.fromCodePoint(Number(name.replace(/^#x/i, '0x').replace('#', '')));
  });

/** What a Windows server does with large documents: UTF-16 in a cabinet, in base64. */
export function packDocuments(body: Buffer): Buffer {
  return Buffer.from(
    body.toString().replace(/<XmlUpdateBlob>([^<]*)<\/XmlUpdateBlob>/g, (_, escaped: string) => {
      const cabinet = writeCabinet(Buffer.from(unescapeXml(escaped), 'utf16le'), 'mszip');
      return `<XmlUpdateBlobCompressed>${cabinet.toString('base64')}</XmlUpdateBlobCompressed>`;
    }),
  );
}

/** A list of revisions without some of them. */
export const dropFromList = (body: string, updateIds: readonly string[]): string =>
  body.replace(/<UpdateIdentity>.*?<\/UpdateIdentity>/gs, (identity) =>
    updateIds.some((updateId) => identity.includes(updateId)) ? '' : identity,
  );

/** The answer with another document, escaped, in place of an update's own. */
export function replaceDocument(body: string, updateId: string, document: string): string {
  return body.replace(/<ServerSyncUpdateData>.*?<\/ServerSyncUpdateData>/gs, (data) =>
    data.startsWith(`<ServerSyncUpdateData><Id><UpdateID>${updateId}</UpdateID>`)
      ? data
          .replace(/<(XmlUpdateBlob(?:Compressed)?)>[^<]*<\/\1>/, '')
          .replace('</Id>', `</Id><XmlUpdateBlob>${document}</XmlUpdateBlob>`)
      : data,
  );
}

import { codeOf, errorOf } from '../../scripts/testing/refusal.ts';
import { clientService, GetFileLocations, SyncUpdates } from '../wusp/client.ts';
import { serverSyncService } from '../wsusss/server-sync.ts';
import { readResponse, writeFault, writeResponse } from './codec.ts';
import { SoapFault } from './fault.ts';

const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';

const envelope = (body: string, soap = SOAP_11, header = ''): Buffer =>
  Buffer.from(
    `<e:Envelope xmlns:e="${soap}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${header}<e:Body>${body}</e:Body></e:Envelope>`,
  );

const answered = (bytes: Buffer): unknown => errorOf(() => readResponse(clientService, SyncUpdates, bytes));

describe('faults', () => {
  const fault = new SoapFault('InvalidParameters', 'parameters.InstalledNonLeafUpdateIDs', {
    id: 'b6114a8d-9939-41e0-ad7f-0d9a72260804',
    method: SyncUpdates.soapAction,
  });

  it.each(['1.1', '1.2'] as const)('survive the way through SOAP %s', (version) => {
    for (const service of [clientService, serverSyncService]) {
      const read = errorOf(() =>
        readResponse(
          service,
          service.operations[1],
          writeFault(service, fault, version, 'http://relay:8530/x.asmx'),
        ),
      );
      expect(read).toBeInstanceOf(SoapFault);
      expect(read).toMatchObject({
        errorCode: 'InvalidParameters',
        faultCode: 'Client',
        message: fault.message,
        id: fault.id,
        method: fault.method,
      });
    }
  });

  it('carry their detail without a namespace, in both versions of SOAP', () => {
    const detail = `<ErrorCode>InvalidParameters</ErrorCode><Message>${fault.message}</Message><ID>${fault.id}</ID><Method>"${SyncUpdates.soapAction}"</Method>`;
    expect(writeFault(clientService, fault).toString()).toBe(
      `<s:Envelope xmlns:s="${SOAP_11}"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>Fault occurred</faultstring><detail>${detail}</detail></s:Fault></s:Body></s:Envelope>`,
    );
    expect(writeFault(clientService, fault, '1.2').toString()).toBe(
      `<s:Envelope xmlns:s="${SOAP_12}"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Fault occurred</s:Text></s:Reason><Detail>${detail}</Detail></s:Fault></s:Body></s:Envelope>`,
    );
  });

  it("are the server's only when the server failed or is busy", () => {
    expect(new SoapFault('InternalServerError').faultCode).toBe('Server');
    expect(new SoapFault('ServerBusy').faultCode).toBe('Server');
    expect(new SoapFault('CookieExpired').faultCode).toBe('Client');
  });

  it('that name no error of the protocol read as InternalServerError with what they say', () => {
    const plain = envelope(
      '<e:Fault><faultcode>e:Server</faultcode><faultstring>Out of disk</faultstring></e:Fault>',
    );
    expect(answered(plain)).toMatchObject({ errorCode: 'InternalServerError', message: 'Out of disk' });
    const unknown = envelope(
      '<e:Fault><faultstring>x</faultstring><detail><ErrorCode>Novel</ErrorCode><Message>m</Message></detail></e:Fault>',
    );
    expect(answered(unknown)).toMatchObject({ errorCode: 'InternalServerError', message: 'Novel: m: x' });
  });

  it('can be written whatever their message quotes', () => {
    const quoting = new SoapFault('InvalidParameters', 'a\u0000b\ud800c');
    const read = answered(writeFault(clientService, quoting));
    expect(read).toMatchObject({ message: 'a\ufffdb\ufffdc' });
  });

  it('are told from a response of another operation', () => {
    const other = writeResponse(clientService, GetFileLocations, {});
    expect(codeOf(() => readResponse(clientService, SyncUpdates, other))).toBe('MESSAGE_UNKNOWN');
  });
});

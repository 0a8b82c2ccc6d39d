/** GetConfig ([MS-WUSP] 3.1.5.2) and GetConfig2: where to authorize, and how this server wants to be spoken to. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { writeResponse, type SoapVersion } from '../../protocol/soap/codec.ts';
import { clientService, GetConfig, GetConfig2 } from '../../protocol/wusp/client.ts';
import { implement, PreparedEnvelope, type ImplementedOperation } from '../soap/implementation.ts';
import type { ClientConfiguration } from './configuration.ts';
import { isProtocolVersion } from './protocol-version.ts';

/** The answer never changes while the server runs: it is written once. */
export function getConfig(configuration: ClientConfiguration): ImplementedOperation {
  const write = (soapVersion: SoapVersion): PreparedEnvelope =>
    new PreparedEnvelope([
      writeResponse(clientService, GetConfig, { GetConfigResult: configuration.answer }, soapVersion),
    ]);
  const written = { '1.1': write('1.1'), '1.2': write('1.2') };
  return implement(GetConfig, ({ protocolVersion }, { soapVersion }) => {
    requireVersion(protocolVersion, 'protocolVersion');
    return written[soapVersion];
  });
}

/** The same: nothing that this server wants of a client depends on what computer it is. */
export const getConfig2 = (configuration: ClientConfiguration): ImplementedOperation =>
  implement(GetConfig2, ({ clientConfiguration }) => {
    if (clientConfiguration === undefined) throw new SoapFault('InvalidParameters', 'clientConfiguration');
    requireVersion(clientConfiguration.ProtocolVersion, 'clientConfiguration.ProtocolVersion');
    return { GetConfig2Result: configuration.answer };
  });

function requireVersion(protocolVersion: string | undefined, parameter: string): void {
  if (!isProtocolVersion(protocolVersion)) throw new SoapFault('InvalidParameters', parameter);
}

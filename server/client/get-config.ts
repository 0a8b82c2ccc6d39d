/** GetConfig ([MS-WUSP] 3.1.5.2): where to authorize, and how this server wants to be spoken to. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetConfig } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import type { ClientConfiguration } from './configuration.ts';
import { isProtocolVersion } from './protocol-version.ts';

export const getConfig = (configuration: ClientConfiguration): ImplementedOperation =>
  implement(GetConfig, ({ protocolVersion }) => {
    if (!isProtocolVersion(protocolVersion)) throw new SoapFault('InvalidParameters', 'protocolVersion');
    return { GetConfigResult: configuration.answer };
  });

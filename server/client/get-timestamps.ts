/** GetTimestamps (of Microsoft's own service; docs/decisions/0006): what proves the times that metadata was signed at. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetTimestamps } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';

/** The only signed times of the protocol are those of `Verification`, which this server sends nobody: it has no proofs. */
export const getTimestamps = (): ImplementedOperation =>
  implement(GetTimestamps, ({ timestamps }) => {
    if (timestamps === undefined) throw new SoapFault('InvalidParameters', 'timestamps');
    return { GetTimestampsResult: [] };
  });

/** Asking for what is new since an anchor that the server may no longer understand. */
import { SoapFault } from '../../protocol/soap/fault.ts';

/**
 * From the anchor where there is one; from the beginning where the server finds a parameter wrong, as Windows servers
 * call an anchor.
 *
 * @param ask is given undefined for the beginning
 */
export async function askSince<T>(
  anchor: string | undefined,
  ask: (anchor: string | undefined) => Promise<T>,
): Promise<T> {
  if (anchor === undefined) return await ask(undefined);
  try {
    return await ask(anchor);
  } catch (error) {
    if (!(error instanceof SoapFault) || error.errorCode !== 'InvalidParameters') throw error;
    return await ask(undefined);
  }
}

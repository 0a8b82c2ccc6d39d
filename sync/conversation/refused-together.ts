/** Asking for several things at once where one of them makes the server refuse all. */
import { SoapFault } from '../../protocol/soap/fault.ts';

/** Halves until the one that is refused is known. */
export async function inHalves<T>(
  items: readonly T[],
  ask: (items: readonly T[]) => Promise<void>,
  refused: (item: T, fault: SoapFault) => void,
): Promise<void> {
  try {
    await ask(items);
    return;
  } catch (error) {
    if (!isOfTheRequest(error)) throw error;
    const [first] = items;
    if (first === undefined) throw error;
    if (items.length === 1) {
      refused(first, error);
      return;
    }
  }
  const half = Math.ceil(items.length / 2);
  await inHalves(items.slice(0, half), ask, refused);
  await inHalves(items.slice(half), ask, refused);
}

/** Of what was asked, not of the server as a whole. */
export const isOfTheRequest = (error: unknown): error is SoapFault =>
  error instanceof SoapFault &&
  (error.errorCode === 'InternalServerError' || error.errorCode === 'InvalidParameters');

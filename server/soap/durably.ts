/** Writes of a call, kept before it is answered. */
import type { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import { isDatabaseBusy } from '../../catalog/store/database/database-busy.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';

/**
 * Commits a call's writes together with those of others that arrived with it.
 *
 * @throws SoapFault ServerBusy where another process kept the database for too long: the peer is to come again
 */
export async function durably<T>({ commits }: { readonly commits: CommitGroup }, work: () => T): Promise<T> {
  try {
    return await commits.add(work);
  } catch (error) {
    if (isDatabaseBusy(error)) throw new SoapFault('ServerBusy', '', { cause: error });
    throw error;
  }
}

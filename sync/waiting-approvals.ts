/** What a replica was told to do with updates that it does not have. */
import type { Database } from '../catalog/store/database/database.ts';
import { deploymentsOfMissingRevisions } from '../catalog/store/upstream/replica-deployments.ts';
import type { RunFailure } from '../catalog/store/upstream/synchronization.ts';

/** None where everything that the upstream server approved could be taken over. */
export function waitingApprovals(db: Database): RunFailure[] {
  const waiting = deploymentsOfMissingRevisions(db);
  const [first] = waiting;
  if (first === undefined) return [];
  const count =
    waiting.length === 1
      ? 'One approval of the upstream server is for an update that is'
      : `${waiting.length} approvals of the upstream server are for updates that are`;
  const many = waiting.length === 1 ? 'It is kept, and holds' : 'They are kept, and hold';
  return [
    {
      check: 'deployments',
      message: `${count} not here: ${first.updateId} revision ${first.revisionNumber}. ${many} once a synchronization has brought the update.`,
    },
  ];
}

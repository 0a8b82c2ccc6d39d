/** Computers: the list, one computer, which groups they are in. */
import { explainUpdate } from '../../catalog/explanation/explain-update.ts';
import { computerDetails, deleteComputer } from '../../catalog/store/computers/computer-details.ts';
import { listComputers } from '../../catalog/store/computers/computer-listing.ts';
import { assignGroups } from '../../catalog/store/groups/target-groups.ts';
import type { ConsoleContext } from './context.ts';
import { eventName } from './event-names.ts';
import { signedIn, type SomeHandlers } from './handlers.ts';

export function computerRoutes({
  db,
  config,
  log,
}: ConsoleContext): SomeHandlers<
  'computers' | 'computer' | 'explanation' | 'assignGroups' | 'deleteComputer'
> {
  const storesContent = config.content.store !== 'none';
  return {
    computers: signedIn('computers', ({ query }) => listComputers(db, query)),
    computer: signedIn('computer', ({ params }) => computerDetails(db, params.computerId, eventName)),
    explanation: signedIn('explanation', ({ params }) =>
      explainUpdate(db, params.computerId, params.updateId, { storesContent, selection: config.content }),
    ),
    assignGroups: signedIn('assignGroups', ({ body, session }) => {
      const groupIds = body.groupIds.map((groupId) => groupId.toLowerCase());
      const changed = assignGroups(db, body.computerIds, groupIds);
      log.info('Assigned computers to groups', { userName: session.userName, changed, groupIds });
      return { changed };
    }),
    deleteComputer: signedIn('deleteComputer', ({ params, session }) => {
      deleteComputer(db, params.computerId);
      log.info('Deleted a computer', { userName: session.userName, computerId: params.computerId });
      return undefined;
    }),
  };
}

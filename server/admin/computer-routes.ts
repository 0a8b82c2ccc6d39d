/** Computers: the list, one computer, which groups they are in. */
import { explainUpdate } from '../../catalog/explanation/explain-update.ts';
import { computerDetails, deleteComputer } from '../../catalog/store/computers/computer-details.ts';
import { listComputers, summarizeComputers } from '../../catalog/store/computers/computer-listing.ts';
import { GroupTree } from '../../catalog/store/groups/group-tree.ts';
import { assignGroups } from '../../catalog/store/groups/target-groups.ts';
import type { ComputerSummary } from '../../protocol/console/computers.ts';
import type { ConsoleContext } from './context.ts';
import { eventName } from './event-names.ts';
import { changing, signedIn, type SomeHandlers } from './handlers.ts';

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
    assignGroups: changing('assignGroups', ({ body, session }) => {
      const groupIds = body.groupIds.map((groupId) => groupId.toLowerCase());
      const computerIds = body.computerIds.map((id) => id.toLowerCase());
      const before = summarizeComputers(db, computerIds);
      const changed = assignGroups(db, body.computerIds, groupIds);
      log.info('Assigned computers to groups', { userName: session.userName, changed, groupIds });
      const tree = GroupTree.read(db);
      return {
        answer: { changed },
        change:
          changed === 0
            ? undefined
            : {
                action: 'computer.assign',
                subjects: before.map(computerSubject),
                before: before.map(({ dnsName, groups }) => ({
                  computer: dnsName,
                  groups: groups.map(({ name }) => name),
                })),
                after: { groups: groupIds.map((id) => tree.get(id)?.name ?? id) },
              },
      };
    }),
    deleteComputer: changing('deleteComputer', ({ params, session }) => {
      const [before] = summarizeComputers(db, [params.computerId]);
      deleteComputer(db, params.computerId);
      log.info('Deleted a computer', { userName: session.userName, computerId: params.computerId });
      return {
        answer: undefined,
        change:
          before === undefined
            ? undefined
            : {
                action: 'computer.delete',
                subjects: [computerSubject(before)],
                before: { groups: before.groups.map(({ name }) => name), lastContact: before.lastContact },
              },
      };
    }),
  };
}

const computerSubject = ({ computerId, dnsName }: Pick<ComputerSummary, 'computerId' | 'dnsName'>) => ({
  kind: 'computer',
  id: computerId,
  name: dnsName,
});

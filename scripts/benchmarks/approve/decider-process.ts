/**
 * An administrator in a process of its own: decides as told, and says at what instant the decision was committed. The
 * server is told nothing of it.
 */
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { approve } from '../../../catalog/store/decisions/deployments.ts';
import { DecideMessage } from './decider.ts';

const db = openDatabase(process.argv[2] ?? '');

process.on('message', (message) => {
  const { updateId, groupId, action } = DecideMessage.parse(message);
  approve(
    db,
    { updateIds: [updateId], groupIds: [groupId], action, acceptEulaIds: [] },
    { adminName: 'bench', now: new Date(), storesContent: false },
  );
  process.send?.({ committed: String(process.hrtime.bigint()) });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });

/** Target groups. */
import {
  changeGroup,
  createGroup,
  deleteGroup,
  listGroups,
} from '../../catalog/store/groups/target-groups.ts';
import type { ConsoleContext } from './context.ts';
import { signedIn, type SomeHandlers } from './handlers.ts';

export function groupRoutes({
  db,
  log,
}: ConsoleContext): SomeHandlers<'groups' | 'createGroup' | 'changeGroup' | 'deleteGroup'> {
  return {
    groups: signedIn('groups', () => listGroups(db)),
    createGroup: signedIn('createGroup', ({ body, session }) => {
      const group = createGroup(db, body.name, body.parentId.toLowerCase());
      log.info('Made a target group', { userName: session.userName, group: group.name });
      return group;
    }),
    changeGroup: signedIn('changeGroup', ({ params, body, session }) => {
      const group = changeGroup(db, params.groupId, {
        name: body.name,
        parentId: body.parentId?.toLowerCase(),
      });
      log.info('Changed a target group', { userName: session.userName, group: group.name });
      return group;
    }),
    deleteGroup: signedIn('deleteGroup', ({ params, session }) => {
      deleteGroup(db, params.groupId);
      log.info('Deleted a target group', { userName: session.userName, groupId: params.groupId });
      return undefined;
    }),
  };
}

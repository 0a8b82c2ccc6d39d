/** Target groups. */
import { GroupTree, type Group } from '../../catalog/store/groups/group-tree.ts';
import {
  changeGroup,
  createGroup,
  deleteGroup,
  listGroups,
} from '../../catalog/store/groups/target-groups.ts';
import type { ConsoleContext } from './context.ts';
import { changing, signedIn, type SomeHandlers } from './handlers.ts';

export function groupRoutes({
  db,
  log,
}: ConsoleContext): SomeHandlers<'groups' | 'createGroup' | 'changeGroup' | 'deleteGroup'> {
  const described = ({
    name,
    parentId,
  }: {
    readonly name: string;
    readonly parentId?: string | undefined;
  }) => ({
    name,
    parent: parentId === undefined ? undefined : GroupTree.read(db).get(parentId)?.name,
  });
  return {
    groups: signedIn('groups', () => listGroups(db)),
    createGroup: changing('createGroup', ({ body, session }) => {
      const group = createGroup(db, body.name, body.parentId.toLowerCase());
      log.info('Made a target group', { userName: session.userName, group: group.name });
      return {
        answer: group,
        change: { action: 'group.create', ...groupSubject(group), after: described(group) },
      };
    }),
    changeGroup: changing('changeGroup', ({ params, body, session }) => {
      const before = GroupTree.read(db).get(params.groupId);
      const group = changeGroup(db, params.groupId, {
        name: body.name,
        parentId: body.parentId?.toLowerCase(),
      });
      log.info('Changed a target group', { userName: session.userName, group: group.name });
      return {
        answer: group,
        change: {
          action: 'group.change',
          ...groupSubject(group),
          ...(before === undefined ? {} : { before: described(before) }),
          after: described(group),
        },
      };
    }),
    deleteGroup: changing('deleteGroup', ({ params, session }) => {
      const before = GroupTree.read(db).get(params.groupId);
      deleteGroup(db, params.groupId);
      log.info('Deleted a target group', { userName: session.userName, groupId: params.groupId });
      return {
        answer: undefined,
        change:
          before === undefined
            ? undefined
            : { action: 'group.delete', ...groupSubject(before), before: described(before) },
      };
    }),
  };
}

const groupSubject = ({ groupId, name }: Pick<Group, 'groupId' | 'name'>) => ({
  subjects: [{ kind: 'group', id: groupId, name }],
});

/** Groups of one level and what is below them. */
import {
  Badge,
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons/svg/more-horizontal';
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization';
import type { ReactElement } from 'react';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { useTexts } from '../language/use-texts.ts';
import type { TreeNode } from '../tree/tree.ts';
import type { GroupTask } from './group-dialogs.tsx';
import { useGroupName } from './group-name.ts';
import { MemberCount } from './member-count.tsx';
import { UNASSIGNED_COMPUTERS } from './groups-query.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  below: {
    listStyleType: 'none',
    margin: '0 0 0 19px',
    padding: '0 0 0 12px',
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 480px)': { margin: '0 0 0 8px', paddingLeft: '8px' },
  },
  row: {
    display: 'flex',
    alignItems: 'center',
    gap: '4px 10px',
    minHeight: '40px',
    padding: '2px 8px',
    borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  icon: { color: tokens.colorNeutralForeground3, flexShrink: 0, width: '20px', height: '20px' },
  name: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '2px 8px',
    alignItems: 'center',
    flexGrow: 1,
    minWidth: 0,
    overflowWrap: 'anywhere',
  },
  count: {
    whiteSpace: 'nowrap',
    flexGrow: 1,
    textAlign: 'right',
    '@media (max-width: 480px)': { textAlign: 'left' },
  },
});

interface GroupBranchProps {
  readonly nodes: readonly TreeNode<TargetGroup>[];
  readonly label?: string;
  /** Left out: groups cannot be changed here, and no menu offers it. */
  readonly onTask?: (task: GroupTask) => void;
}

export function GroupBranch({ nodes, label, onTask }: GroupBranchProps): ReactElement {
  const nameOf = useGroupName();
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <ul
      className={label === undefined ? styles.below : styles.list}
      {...(label !== undefined && { 'aria-label': label })}
    >
      {nodes.map((node) => (
        <li key={node.id}>
          <div className={styles.row}>
            <OrganizationRegular className={styles.icon} />
            <span className={styles.name}>
              <Text weight="semibold">{nameOf(node.id, node.item.name)}</Text>
              {node.item.isBuiltin && (
                <Badge size="small" appearance="outline" color="informative">
                  {t.builtIn}
                </Badge>
              )}
              <span className={styles.count}>
                <MemberCount group={node.item} hasSubgroups={node.children.length > 0} />
              </span>
            </span>
            {onTask !== undefined && <GroupMenu node={node} onTask={onTask} />}
          </div>
          {node.children.length > 0 && (
            <GroupBranch nodes={node.children} {...(onTask !== undefined && { onTask })} />
          )}
        </li>
      ))}
    </ul>
  );
}

function GroupMenu({
  node,
  onTask,
}: {
  readonly node: TreeNode<TargetGroup>;
  readonly onTask: (task: GroupTask) => void;
}): ReactElement {
  const nameOf = useGroupName();
  const t = useTexts(texts);
  const { item: group, children } = node;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          icon={<MoreHorizontalRegular />}
          aria-label={t.actionsFor(nameOf(node.id, group.name))}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem
            disabled={group.groupId === UNASSIGNED_COMPUTERS}
            onClick={() => onTask({ kind: 'create', group })}
          >
            {t.newBelow}
          </MenuItem>
          <MenuItem disabled={group.isBuiltin} onClick={() => onTask({ kind: 'rename', group })}>
            {t.rename}
          </MenuItem>
          <MenuItem disabled={group.isBuiltin} onClick={() => onTask({ kind: 'move', group })}>
            {t.move}
          </MenuItem>
          <MenuItem
            disabled={group.isBuiltin || children.length > 0}
            {...(children.length > 0 && { secondaryContent: t.subgroupsFirst })}
            onClick={() => onTask({ kind: 'delete', group })}
          >
            {t.delete}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

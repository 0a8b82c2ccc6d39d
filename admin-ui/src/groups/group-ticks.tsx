/** The tree of groups with a checkbox each, and a note beside it. */
import { Checkbox, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { buildTree, type TreeNode } from '../tree/tree.ts';
import { useGroupName } from './group-name.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: '12px',
    borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  tick: { flexGrow: 1, maxWidth: 'none', flexBasis: '180px', minWidth: 0, overflowWrap: 'anywhere' },
  note: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, padding: '0 8px 0 32px' },
});

interface GroupTicksProps {
  readonly label: string;
  readonly groups: readonly TargetGroup[];
  readonly ticked: ReadonlySet<string>;
  readonly onTick: (groupId: string) => void;
  readonly isDisabled?: (group: TargetGroup) => boolean;
  readonly renderNote?: (group: TargetGroup) => ReactNode;
}

export function GroupTicks(props: GroupTicksProps): ReactElement {
  return (
    <fieldset aria-label={props.label} style={{ border: 'none', margin: 0, padding: 0, minWidth: 0 }}>
      <Branch nodes={buildTree(props.groups, ({ groupId }) => groupId)} props={props} />
    </fieldset>
  );
}

function Branch({
  nodes,
  props,
}: {
  readonly nodes: readonly TreeNode<TargetGroup>[];
  readonly props: GroupTicksProps;
}): ReactElement {
  const nameOf = useGroupName();
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {nodes.map(({ item, id, depth, children }) => (
        <li key={id}>
          <div className={styles.row} style={{ paddingLeft: depth * 20 }}>
            <Checkbox
              className={styles.tick}
              label={nameOf(id, item.name)}
              checked={props.ticked.has(id)}
              disabled={props.isDisabled?.(item) === true}
              onChange={() => props.onTick(id)}
            />
            {props.renderNote !== undefined && <span className={styles.note}>{props.renderNote(item)}</span>}
          </div>
          {children.length > 0 && <Branch nodes={children} props={props} />}
        </li>
      ))}
    </ul>
  );
}

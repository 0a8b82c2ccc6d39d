/** A tree of categories with a checkbox each; families open and close. */
import { Button, Checkbox, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { ChevronRightRegular } from '@fluentui/react-icons/svg/chevron-right';
import { useState, type ReactElement } from 'react';
import type { z } from 'zod';
import type { SelectableCategory } from '../../../protocol/console/synchronization.ts';
import { formatCount } from '../format/amounts.ts';
import { useTexts } from '../language/use-texts.ts';
import { toggled } from '../list/selection.ts';
import { checkedState, type TreeNode } from '../tree/tree.ts';
import { texts } from './texts.ts';

type Category = z.infer<typeof SelectableCategory>;

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    alignItems: 'center',
    minHeight: '32px',
    borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  tick: { flexGrow: 1, maxWidth: 'none', minWidth: 0, overflowWrap: 'anywhere' },
  leaf: { width: '24px', flexShrink: 0 },
  count: { color: tokens.colorNeutralForeground3, fontVariantNumeric: 'tabular-nums', padding: '0 8px' },
});

interface CategoryTicksProps {
  readonly label: string;
  readonly nodes: readonly TreeNode<Category>[];
  readonly chosen: ReadonlySet<string>;
  /** What was searched for is shown open. */
  readonly isFiltered: boolean;
  readonly onToggle: (id: string) => void;
}

export function CategoryTicks(props: CategoryTicksProps): ReactElement {
  const t = useTexts(texts);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  return (
    <fieldset aria-label={props.label} style={{ border: 'none', margin: 0, padding: 0, minWidth: 0 }}>
      {props.nodes.length === 0 && <Text>{t.nothingMatches}</Text>}
      <Branch
        nodes={props.nodes}
        props={props}
        folded={folded}
        onFold={(id) => setFolded(toggled(folded, id))}
      />
    </fieldset>
  );
}

interface BranchProps {
  readonly nodes: readonly TreeNode<Category>[];
  readonly props: CategoryTicksProps;
  readonly folded: ReadonlySet<string>;
  readonly onFold: (id: string) => void;
}

function Branch({ nodes, props, folded, onFold }: BranchProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const hasFolds = nodes.some(({ children }) => children.length > 0);
  return (
    <ul className={styles.list}>
      {nodes.map((node) => {
        const isOpen = props.isFiltered || !folded.has(node.id);
        return (
          <li key={node.id}>
            <div className={styles.row} style={{ paddingLeft: node.depth * 20 }}>
              {node.children.length > 0 ? (
                <Button
                  appearance="transparent"
                  size="small"
                  icon={isOpen ? <ChevronDownRegular /> : <ChevronRightRegular />}
                  aria-expanded={isOpen}
                  aria-label={t.whatIsBelow(node.item.title)}
                  onClick={() => onFold(node.id)}
                />
              ) : (
                (hasFolds || node.depth > 0) && <span className={styles.leaf} />
              )}
              <Checkbox
                className={styles.tick}
                label={node.item.title}
                checked={checkedState(node, props.chosen)}
                onChange={() => props.onToggle(node.id)}
              />
              {node.item.updates > 0 && (
                <Text className={styles.count} title={t.updatesHere}>
                  {formatCount(node.item.updates)}
                </Text>
              )}
            </div>
            {isOpen && node.children.length > 0 && (
              <Branch nodes={node.children} props={props} folded={folded} onFold={onFold} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

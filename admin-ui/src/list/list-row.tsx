/** One row: cells side by side, or a card where there is no room for them. */
// Rows are placed where they are seen, which a table's own elements do not do: the roles say what the boxes are.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { Checkbox, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { CSSProperties, MouseEvent, ReactElement, ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import type { Column } from './column.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  row: {
    position: 'absolute',
    top: 0,
    left: 0,
    right: 0,
    display: 'grid',
    alignItems: 'center',
    boxSizing: 'border-box',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    fontSize: tokens.fontSizeBase300,
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  selected: {
    backgroundColor: tokens.colorBrandBackground2,
    ':hover': { backgroundColor: tokens.colorBrandBackground2Hover },
  },
  open: { boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}` },
  active: { outline: `1px solid ${tokens.colorNeutralStrokeAccessible}`, outlineOffset: '-1px' },
  cell: { padding: '0 8px', minWidth: 0, overflow: 'hidden', whiteSpace: 'nowrap', textOverflow: 'ellipsis' },
  card: { padding: '8px 12px 8px 0', minWidth: 0, overflow: 'hidden' },
});

interface ListRowProps<T> {
  readonly id: string;
  readonly row: T;
  readonly label: string;
  readonly index: number;
  readonly columns: readonly Column<T>[];
  /** Absent: cells. */
  readonly card: ReactNode;
  readonly place: CSSProperties;
  readonly hasTicks: boolean;
  readonly selected: boolean;
  readonly open: boolean;
  readonly active: boolean;
  readonly onOpen: () => void;
  readonly onToggle: (withShift: boolean) => void;
}

export function ListRow<T>(props: ListRowProps<T>): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { row, columns, card, selected, open, active } = props;
  const tick = (event: MouseEvent): void => {
    event.stopPropagation();
    props.onToggle(event.shiftKey);
  };
  return (
    // The keyboard reaches rows through the grid, which holds the focus (aria-activedescendant).
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={selected}
      {...(open && { 'aria-current': 'true' as const })}
      className={mergeClasses(
        styles.row,
        selected && styles.selected,
        open && styles.open,
        active && styles.active,
      )}
      style={props.place}
      onClick={props.onOpen}
    >
      <div role="gridcell">
        {props.hasTicks && (
          <Checkbox
            checked={selected}
            tabIndex={-1}
            aria-label={t.selectRow(props.label)}
            onClick={tick}
            onChange={() => undefined}
          />
        )}
      </div>
      {card === undefined ? (
        columns.map((column) => (
          <div key={column.key} role="gridcell" className={styles.cell}>
            {column.render(row)}
          </div>
        ))
      ) : (
        <div role="gridcell" className={styles.card}>
          {card}
        </div>
      )}
    </div>
  );
}

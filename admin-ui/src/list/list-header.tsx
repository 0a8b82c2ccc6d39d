/** The row of column headings: it stays in sight, and sorts. */
// Rows are placed where they are seen, which a table's own elements do not do: the roles say what the boxes are.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { Checkbox, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import type { ReactElement } from 'react';
import { nextSort, type Column } from './column.ts';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    alignItems: 'center',
    height: '36px',
    position: 'sticky',
    top: 0,
    zIndex: 2,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke1}`,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
  },
  cell: { padding: '0 8px', overflow: 'hidden', whiteSpace: 'nowrap', textOverflow: 'ellipsis' },
  sort: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    padding: '4px 0',
    border: 'none',
    background: 'none',
    font: 'inherit',
    color: 'inherit',
    cursor: 'pointer',
    ':hover': { color: tokens.colorNeutralForeground1 },
    ':focus-visible': {
      outline: `2px solid ${tokens.colorStrokeFocus2}`,
      borderRadius: tokens.borderRadiusSmall,
    },
  },
});

interface ListHeaderProps<T> {
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly hasTicks: boolean;
  readonly all: boolean | 'mixed';
  readonly allLabel: string;
  readonly onAll: (checked: boolean) => void;
}

function direction(sort: string, name: string | undefined): 'ascending' | 'descending' | 'none' {
  if (name === undefined) return 'none';
  if (sort === name) return 'ascending';
  return sort === `-${name}` ? 'descending' : 'none';
}

export function ListHeader<T>({
  columns,
  template,
  sort,
  onSort,
  hasTicks,
  all,
  allLabel,
  onAll,
}: ListHeaderProps<T>): ReactElement {
  const styles = useStyles();
  return (
    <div role="row" aria-rowindex={1} className={styles.row} style={{ gridTemplateColumns: template }}>
      <div role="columnheader">
        {hasTicks && (
          <Checkbox
            checked={all}
            aria-label={allLabel}
            onChange={(_, data) => onAll(data.checked === true)}
          />
        )}
      </div>
      {columns.map(({ key, label, sort: name }) => {
        const now = direction(sort, name);
        return (
          <div
            key={key}
            role="columnheader"
            className={styles.cell}
            {...(name !== undefined && { 'aria-sort': now })}
          >
            {name === undefined ? (
              label
            ) : (
              <button
                type="button"
                className={styles.sort}
                onClick={() =>
                  onSort(
                    nextSort(
                      sort,
                      name,
                      name === 'title' || name === 'name' || name === 'os' ? 'up' : 'down',
                    ),
                  )
                }
              >
                {label}
                {now === 'ascending' && <ArrowUpRegular />}
                {now === 'descending' && <ArrowDownRegular />}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** Fields that an entry changed: before beside after, in words as well as in colour. */
import { Button, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { formatBytes } from '../format/amounts.ts';
import { useTexts } from '../language/use-texts.ts';
import { cutValueOf, differencesBetween, type Difference, type Json } from './entry-differences.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '8px', alignItems: 'flex-start' },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    '& th, & td': {
      textAlign: 'left',
      verticalAlign: 'top',
      padding: '6px 12px 6px 0',
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
      overflowWrap: 'anywhere',
      whiteSpace: 'pre-wrap',
    },
    '& th': { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
  },
  kind: { display: 'block', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  gone: { color: tokens.colorPaletteRedForeground1 },
  come: { color: tokens.colorPaletteGreenForeground1 },
  absent: { color: tokens.colorNeutralForeground3 },
});

/** Lines before the reader asks for more: a value of 64 KiB may have thousands. */
const MOST_LINES = 200;

interface DifferenceTableProps {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export function DifferenceTable({ before, after }: DifferenceTableProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [withSame, setWithSame] = useState(false);
  const [most, setMost] = useState(MOST_LINES);
  const all = differencesBetween(before, after);
  if (all.length === 0) return <Text>{t.nothingRecorded}</Text>;
  const changed = all.filter(({ kind }) => kind !== 'same');
  const same = all.length - changed.length;
  const shown = withSame ? all : changed;
  return (
    <div className={styles.root}>
      {[before, after].map((value, index) => {
        const cut = cutValueOf(value);
        // oxlint-disable-next-line react/no-array-index-key -- before and after, always both
        return cut === undefined ? null : <Text key={index}>{t.cut(formatBytes(cut.bytes))}</Text>;
      })}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.field}</th>
            <th scope="col">{t.before}</th>
            <th scope="col">{t.after}</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, most).map((difference) => (
            <Line key={difference.path} difference={difference} />
          ))}
        </tbody>
      </table>
      {shown.length > most && (
        <Button size="small" onClick={() => setMost(most + MOST_LINES)}>
          {t.andMore(shown.length - most)}
        </Button>
      )}
      {same > 0 && !withSame && (
        <Button size="small" appearance="subtle" onClick={() => setWithSame(true)}>
          {t.unchanged(same)}
        </Button>
      )}
    </div>
  );
}

function Line({
  difference: { path, kind, before, after },
}: {
  readonly difference: Difference;
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const isSame = kind === 'same';
  return (
    <tr>
      <td>
        {path === '' ? t.wholeValue : path}
        <span className={styles.kind}>{t.differences[kind]}</span>
      </td>
      <td className={mergeClasses(!isSame && styles.gone)}>
        {before ?? <span className={styles.absent}>–</span>}
      </td>
      <td className={mergeClasses(!isSame && styles.come)}>
        {after ?? <span className={styles.absent}>–</span>}
      </td>
    </tr>
  );
}

/** Which classifications the faster schedule asks for, of those that are chosen. */
import { Checkbox, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { useTexts } from '../language/use-texts.ts';
import type { FieldProblems } from './schedule-draft.ts';
import { useCategories } from './synchronization-queries.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  // No Field: it would give every checkbox within the same identifier.
  root: { display: 'flex', flexDirection: 'column', margin: 0, padding: 0, minWidth: 0, border: 'none' },
  legend: { padding: 0 },
  list: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))' },
  problem: { color: tokens.colorPaletteRedForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

interface FastClassificationsProps {
  /** UpdateIDs. */
  readonly chosen: readonly string[];
  readonly problems: FieldProblems;
  readonly onChange: (chosen: readonly string[]) => void;
}

export function FastClassifications({ chosen, problems, onChange }: FastClassificationsProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const categories = useCategories();
  if (categories.isError) return <Failure what={t.fastClassificationsNotRead} error={categories.error} />;
  const all = categories.data?.classifications ?? [];
  const problem = problems.get('fast.classifications');
  const offered = all.filter(({ updateId, selected }) => selected || chosen.includes(updateId));
  const gone = chosen.filter((id) => !all.some(({ updateId }) => updateId === id));
  const toggle = (id: string): void =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset className={styles.root}>
      <legend className={styles.legend}>{t.classifications}</legend>
      <div className={styles.list}>
        {offered.map(({ updateId, title, selected }) => (
          <Checkbox
            key={updateId}
            label={
              selected ? (
                title
              ) : (
                <>
                  {title} <span className={styles.quiet}>{t.notChosen}</span>
                </>
              )
            }
            checked={chosen.includes(updateId)}
            onChange={() => toggle(updateId)}
          />
        ))}
        {categories.data !== undefined &&
          gone.map((id) => <Checkbox key={id} label={t.notHere(id)} checked onChange={() => toggle(id)} />)}
        {categories.data !== undefined && offered.length + gone.length === 0 && (
          <Text className={styles.quiet}>{t.noneChosen}</Text>
        )}
      </div>
      {problem !== undefined && (
        <Text size={200} role="alert" className={styles.problem}>
          {problem}
        </Text>
      )}
      <Text size={200} className={styles.quiet}>
        {t.ofChosen}
      </Text>
    </fieldset>
  );
}

/** Choosing products and classifications. */
import { Button, SearchBox, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useMemo, useState, type ReactElement } from 'react';
import type { SelectableCategories } from '../../../protocol/console/synchronization.ts';
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { buildTree } from '../tree/tree.ts';
import { matchingTree, sameChoice, spreadChoice, toggleCategory } from './category-choice.ts';
import { CategoryTicks } from './category-ticks.tsx';
import { useSelectCategories } from './synchronization-queries.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  columns: { display: 'flex', flexWrap: 'wrap', gap: '8px 48px', alignItems: 'flex-start' },
  products: { flexGrow: 2, flexBasis: '360px', minWidth: 0, maxWidth: '640px' },
  classifications: { flexGrow: 1, flexBasis: '260px', minWidth: 0, maxWidth: '420px' },
  bar: {
    position: 'sticky',
    bottom: '-20px',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px 16px',
    padding: '12px 0',
    backgroundColor: tokens.colorNeutralBackground1,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

interface CategoriesEditorProps {
  readonly categories: SelectableCategories;
  readonly saved: readonly string[];
}

export function CategoriesEditor({ categories, saved }: CategoriesEditorProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [find, setFind] = useState('');
  const notice = useNotice();
  const select = useSelectCategories(() =>
    notice({
      intent: 'success',
      title: t.choiceSaved,
      text: t.choiceMeans,
    }),
  );
  const products = useMemo(
    () => buildTree(categories.products, ({ updateId }) => updateId),
    [categories.products],
  );
  const classifications = useMemo(
    () => buildTree(categories.classifications, ({ updateId }) => updateId),
    [categories.classifications],
  );
  const before = useMemo(
    () => spreadChoice([...products, ...classifications], new Set(saved)),
    [products, classifications, saved],
  );
  const [chosen, setChosen] = useState(before);
  const isChanged = !sameChoice(chosen, before);
  const productCount = categories.products.filter(
    ({ updateId, categoryType }) => categoryType === 'Product' && chosen.has(updateId),
  ).length;
  const classificationCount = categories.classifications.filter(({ updateId }) =>
    chosen.has(updateId),
  ).length;
  const save = (): void => select.mutate([...chosen]);
  return (
    <>
      <div className={styles.columns}>
        <div className={styles.products}>
          <Section title={t.products}>
            <SearchBox
              aria-label={t.findProduct}
              placeholder={t.findProduct}
              value={find}
              onChange={(_, { value }) => setFind(value)}
              style={{ maxWidth: 320 }}
            />
            <CategoryTicks
              label={t.products}
              nodes={matchingTree(products, find, ({ title }) => title)}
              chosen={chosen}
              isFiltered={find.trim() !== ''}
              onToggle={(id) => setChosen(toggleCategory(products, chosen, id))}
            />
          </Section>
        </div>
        <div className={styles.classifications}>
          <Section title={t.classifications}>
            <CategoryTicks
              label={t.classifications}
              nodes={classifications}
              chosen={chosen}
              isFiltered={false}
              onToggle={(id) => setChosen(toggleCategory(classifications, chosen, id))}
            />
          </Section>
        </div>
      </div>
      {select.isError && <Failure what={t.choiceNotSaved} error={select.error} />}
      <div className={styles.bar}>
        <Button appearance="primary" disabled={!isChanged || select.isPending} onClick={save}>
          {t.saveChoice}
        </Button>
        <Button disabled={!isChanged} onClick={() => setChosen(before)}>
          {t.discard}
        </Button>
        <Text aria-live="polite">{t.chosen(productCount, classificationCount)}</Text>
      </div>
    </>
  );
}

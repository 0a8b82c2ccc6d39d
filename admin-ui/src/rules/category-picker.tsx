/** Classifications or products of a rule, out of those that are here. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  SearchBox,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useMemo, useState, type ReactElement } from 'react';
import type { SelectableCategory } from '../../../protocol/console/synchronization.ts';
import { useTexts } from '../language/use-texts.ts';
import { matchingTree, spreadChoice, toggleCategory } from '../synchronization/category-choice.ts';
import { CategoryTicks } from '../synchronization/category-ticks.tsx';
import { buildTree } from '../tree/tree.ts';
import { topmost, unknownTo } from './rule-draft.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  ticks: { maxHeight: '280px', overflowY: 'auto' },
  chosen: { color: tokens.colorNeutralForeground3, marginLeft: '8px' },
  problem: { color: tokens.colorPaletteRedForeground1 },
});

/** More than this are searched. */
const MANY = 12;

interface CategoryPickerProps {
  readonly label: string;
  readonly categories: readonly SelectableCategory[];
  readonly chosen: readonly string[];
  readonly onChoose: (categoryIds: readonly string[]) => void;
  readonly problem: string | undefined;
}

export function CategoryPicker({
  label,
  categories,
  chosen,
  onChoose,
  problem,
}: CategoryPickerProps): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const [find, setFind] = useState('');
  const roots = useMemo(() => buildTree(categories, ({ updateId }) => updateId), [categories]);
  const spread = useMemo(() => spreadChoice(roots, new Set(chosen)), [roots, chosen]);
  const toggle = (id: string): void =>
    onChoose([...topmost(roots, toggleCategory(roots, spread, id)), ...unknownTo(roots, chosen)]);
  return (
    <Accordion collapsible defaultOpenItems={chosen.length > 0 ? ['ticks'] : []}>
      <AccordionItem value="ticks">
        <AccordionHeader as="h4">
          {label}
          <Text className={styles.chosen}>{t.anyOf(chosen.length)}</Text>
        </AccordionHeader>
        <AccordionPanel>
          {categories.length === 0 && <Text>{t.noCategories}</Text>}
          {categories.length > MANY && (
            <SearchBox
              size="small"
              aria-label={t.findProduct}
              placeholder={t.findProduct}
              value={find}
              onChange={(_, { value }) => setFind(value)}
            />
          )}
          {categories.length > 0 && (
            <div className={styles.ticks}>
              <CategoryTicks
                label={label}
                nodes={matchingTree(roots, find, ({ title }) => title)}
                chosen={spread}
                isFiltered={find.trim() !== ''}
                onToggle={toggle}
              />
            </div>
          )}
          {problem !== undefined && <Text className={styles.problem}>{problem}</Text>}
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

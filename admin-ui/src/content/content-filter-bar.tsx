/** Search, filters and order of a list of content files. */
import { Dropdown, Option, makeStyles } from '@fluentui/react-components';
import type { ReactElement, Ref } from 'react';
import { CONTENT_SORTS, VERDICTS } from '../../../protocol/console/content.ts';
import { NARROW } from '../frame/media.ts';
import { useTexts } from '../language/use-texts.ts';
import { SearchField } from '../list/search-field.tsx';
import type { Change } from '../url/parameters.ts';
import { ASPECTS_OF, type ContentListTab, type ContentView } from './content-url.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '6px 8px',
    padding: '12px 24px 8px',
    [NARROW]: { padding: '8px 12px' },
  },
  // Of a fixed width: while it has the focus it shows more, and what is beside it must not move away from the pointer.
  search: { flexShrink: 0, width: '280px', [NARROW]: { width: '100%' } },
  space: { flexGrow: 1 },
  choice: { minWidth: '150px', maxWidth: '100%' },
});

interface FilterBarProps {
  readonly tab: ContentListTab;
  readonly view: ContentView;
  readonly onChange: (change: Change) => void;
  readonly onSearch: (text: string) => void;
  readonly searchRef: Ref<HTMLInputElement>;
}

interface Choice {
  readonly value: string;
  readonly word: string;
}

function Choose({
  label,
  chosen,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly chosen: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: string | undefined) => void;
}): ReactElement {
  const styles = useStyles();
  return (
    <Dropdown
      size="small"
      className={styles.choice}
      aria-label={label}
      value={choices.find(({ value }) => value === chosen)?.word ?? chosen}
      selectedOptions={[chosen]}
      onOptionSelect={(_, { optionValue }) => onChoose(optionValue)}
    >
      {choices.map(({ value, word }) => (
        <Option key={value} value={value}>
          {word}
        </Option>
      ))}
    </Dropdown>
  );
}

export function ContentFilterBar({ tab, view, onChange, onSearch, searchRef }: FilterBarProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <search className={styles.root} aria-label={t.find}>
      <div className={styles.search}>
        <SearchField ref={searchRef} label={t.search} value={view.search} onSearch={onSearch} />
      </div>
      <Choose
        label={t.show}
        chosen={view.aspect ?? ''}
        choices={[
          { value: '', word: t.all },
          ...ASPECTS_OF[tab].map((aspect) => ({ value: aspect, word: t.aspects[aspect] })),
        ]}
        onChoose={(aspect) => onChange({ aspect })}
      />
      {tab !== 'queue' && (
        <Choose
          label={t.signature}
          chosen={view.verdict ?? ''}
          choices={[
            { value: '', word: t.everySignature },
            ...VERDICTS.map((verdict) => ({ value: verdict, word: t.verdicts[verdict].word })),
          ]}
          onChoose={(verdict) => onChange({ verdict })}
        />
      )}
      <span className={styles.space} />
      <Choose
        label={t.order}
        chosen={view.sort}
        choices={CONTENT_SORTS.filter((sort) => tab !== 'files' || sort !== 'turn').map((sort) => ({
          value: sort,
          word: t.sorts[sort],
        }))}
        onChoose={(sort) => onChange({ sort })}
      />
    </search>
  );
}

/** Search, filters and order of the list of updates. */
import { Dropdown, Option, makeStyles } from '@fluentui/react-components';
import { useState, type ReactElement, type Ref } from 'react';
import { FilterChoice } from '../list/filter-choice.tsx';
import { SearchField } from '../list/search-field.tsx';
import { APPROVAL_ORDER } from '../states/approval-looks.ts';
import { STATES_BY_URGENCY } from '../states/update-states.ts';
import type { Change } from '../url/parameters.ts';
import { NARROW } from '../frame/media.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts as stateTexts } from '../states/texts.ts';
import { KbFilter } from './kb-filter.tsx';
import { texts } from './texts.ts';
import { useUpdateFilters } from './updates-queries.ts';
import { useOptionCounts } from './use-option-counts.ts';
import { UPDATE_SORTS, type UpdatesView } from './updates-url.ts';

const HIDEABLE = ['superseded', 'expired'] as const;

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '6px 8px',
    padding: '0 24px 8px',
    [NARROW]: { padding: '0 12px 8px' },
  },
  // Of a fixed width: while it has the focus it shows more, and what is beside it must not move away from the pointer.
  search: { flexShrink: 0, width: '240px', [NARROW]: { width: '100%' } },
  filters: {
    display: 'flex',
    gap: '2px',
    alignItems: 'center',
    [NARROW]: { overflowX: 'auto', width: '100%', flexShrink: 0, '& > *': { flexShrink: 0 } },
  },
  space: { flexGrow: 1, [NARROW]: { display: 'none' } },
  sort: { minWidth: '150px' },
});

interface FilterBarProps {
  readonly view: UpdatesView;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onSearch: (text: string) => void;
  readonly searchRef: Ref<HTMLInputElement>;
}

function DecisionFilters({ view, onChange }: Pick<FilterBarProps, 'view' | 'onChange'>): ReactElement {
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const [open, setOpen] = useState<'approval' | 'status'>();
  const approvals = useOptionCounts(view, 'approval', APPROVAL_ORDER, open === 'approval');
  const states = useOptionCounts(view, 'status', STATES_BY_URGENCY, open === 'status');
  return (
    <>
      <FilterChoice
        label={t.filters.approval}
        options={APPROVAL_ORDER.map((value, index) => ({
          value,
          label: stateWords.approvals[value],
          count: approvals[index],
        }))}
        chosen={view.approval}
        onChoose={(approval) => onChange({ approval })}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'approval' : undefined)}
      />
      <FilterChoice
        label={t.filters.status}
        options={STATES_BY_URGENCY.map((value, index) => ({
          value,
          label: stateWords.states[value],
          count: states[index],
        }))}
        chosen={view.status}
        onChoose={(status) => onChange({ status })}
        onOpenChange={(isOpen) => setOpen(isOpen ? 'status' : undefined)}
      />
    </>
  );
}

export function UpdateFilterBar({ view, onChange, onSearch, searchRef }: FilterBarProps): ReactElement {
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  const filters = useUpdateFilters();
  const { classifications = [], products = [], severities = [] } = filters.data ?? {};
  return (
    <search className={styles.root} aria-label={t.find}>
      <div className={styles.search}>
        <SearchField ref={searchRef} label={t.search} value={view.search} onSearch={onSearch} />
      </div>
      <div className={styles.filters}>
        <FilterChoice
          label={t.filters.classification}
          options={classifications.map(({ updateId, title, count }) => ({
            value: updateId,
            label: title,
            count,
          }))}
          chosen={view.classification}
          onChoose={(classification) => onChange({ classification })}
        />
        <FilterChoice
          label={t.filters.product}
          options={products.map(({ updateId, title, count }) => ({ value: updateId, label: title, count }))}
          chosen={view.product}
          onChoose={(product) => onChange({ product })}
        />
        <DecisionFilters view={view} onChange={onChange} />
        <FilterChoice
          label={t.filters.severity}
          options={severities.map(({ severity, count }) => ({
            value: severity,
            label: stateWords.severities[severity] ?? severity,
            count,
          }))}
          chosen={view.severity}
          onChoose={(severity) => onChange({ severity })}
        />
        <KbFilter value={view.kb} onChange={(kb) => onChange({ kb })} />
        <FilterChoice
          label={t.filters.hide}
          options={[
            { value: 'superseded', label: t.superseded },
            { value: 'expired', label: t.expired },
          ]}
          chosen={HIDEABLE.filter((key) => view[key] === 'hide')}
          onChoose={(hidden) =>
            onChange(
              Object.fromEntries(HIDEABLE.map((key) => [key, hidden.includes(key) ? 'hide' : undefined])),
            )
          }
        />
      </div>
      <span className={styles.space} />
      <Dropdown
        size="small"
        className={styles.sort}
        aria-label={t.order}
        value={t.sorts[view.sort]}
        selectedOptions={[view.sort]}
        onOptionSelect={(_, { optionValue }) => onChange({ sort: optionValue })}
      >
        {UPDATE_SORTS.map((sort) => (
          <Option key={sort} value={sort}>
            {t.sorts[sort]}
          </Option>
        ))}
      </Dropdown>
    </search>
  );
}

/** Search, filters and order of the list of computers. */
import { Dropdown, Option, makeStyles } from '@fluentui/react-components';
import type { ReactElement, Ref } from 'react';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { NARROW } from '../frame/media.ts';
import { useGroupName } from '../groups/group-name.ts';
import { useTexts } from '../language/use-texts.ts';
import { FilterChoice } from '../list/filter-choice.tsx';
import { SearchField } from '../list/search-field.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { STATES_BY_URGENCY } from '../states/update-states.ts';
import type { Change } from '../url/parameters.ts';
import { COMPUTER_SORTS, type ComputersView } from './computers-url.ts';
import { texts } from './texts.ts';

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
  search: { flexShrink: 0, width: '280px', [NARROW]: { width: '100%' } },
  space: { flexGrow: 1 },
  sort: { minWidth: '150px' },
});

interface FilterBarProps {
  readonly view: ComputersView;
  readonly groups: readonly TargetGroup[];
  readonly onChange: (change: Change) => void;
  readonly onSearch: (text: string) => void;
  readonly searchRef: Ref<HTMLInputElement>;
}

export function ComputerFilterBar({
  view,
  groups,
  onChange,
  onSearch,
  searchRef,
}: FilterBarProps): ReactElement {
  const nameOf = useGroupName();
  const { states } = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <search className={styles.root} aria-label={t.find}>
      <div className={styles.search}>
        <SearchField ref={searchRef} label={t.search} value={view.search} onSearch={onSearch} />
      </div>
      <FilterChoice
        label={t.group}
        options={groups.map(({ groupId, name, computers }) => ({
          value: groupId,
          label: nameOf(groupId, name),
          count: computers,
        }))}
        chosen={view.group}
        onChoose={(group) => onChange({ group })}
      />
      <FilterChoice
        label={t.status}
        options={STATES_BY_URGENCY.map((state) => ({ value: state, label: states[state] }))}
        chosen={view.status}
        onChoose={(status) => onChange({ status })}
      />
      <span className={styles.space} />
      <Dropdown
        size="small"
        className={styles.sort}
        aria-label={t.order}
        value={t.sorts[view.sort]}
        selectedOptions={[view.sort]}
        onOptionSelect={(_, { optionValue }) => onChange({ sort: optionValue })}
      >
        {COMPUTER_SORTS.map((sort) => (
          <Option key={sort} value={sort}>
            {t.sorts[sort]}
          </Option>
        ))}
      </Dropdown>
    </search>
  );
}

/** Search and filters of the audit log. */
import { Input, Label, makeStyles } from '@fluentui/react-components';
import type { ReactElement, Ref } from 'react';
import { AUDIT_ACTOR_KINDS, type AuditState } from '../../../protocol/console/audit.ts';
import { NARROW } from '../frame/media.ts';
import { useTexts } from '../language/use-texts.ts';
import { FilterChoice } from '../list/filter-choice.tsx';
import { SearchField } from '../list/search-field.tsx';
import type { Change } from '../url/parameters.ts';
import type { AuditView } from './audit-url.ts';
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
  search: { flexShrink: 0, width: '280px', [NARROW]: { width: '100%' } },
  days: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '6px 12px',
    paddingLeft: '8px',
    [NARROW]: { paddingLeft: 0 },
  },
  day: { display: 'inline-flex', alignItems: 'center', gap: '8px', whiteSpace: 'nowrap' },
});

interface FilterBarProps {
  readonly view: AuditView;
  /** Undefined while it is read. */
  readonly state: AuditState | undefined;
  readonly onChange: (change: Change) => void;
  readonly onSearch: (text: string) => void;
  readonly searchRef: Ref<HTMLInputElement>;
}

export function AuditFilterBar({ view, state, onChange, onSearch, searchRef }: FilterBarProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const day = (key: 'from' | 'until', label: string): ReactElement => (
    <Label size="small" className={styles.day}>
      {label}
      <Input
        type="date"
        size="small"
        value={view[key] ?? ''}
        onChange={(_, { value }) => onChange({ [key]: value })}
      />
    </Label>
  );
  return (
    <search className={styles.root} aria-label={t.find}>
      <div className={styles.search}>
        <SearchField ref={searchRef} label={t.search} value={view.search} onSearch={onSearch} />
      </div>
      <FilterChoice
        label={t.kindOfActor}
        options={AUDIT_ACTOR_KINDS.map((kind) => ({ value: kind, label: t.actorKinds[kind] }))}
        chosen={view.actorKind}
        onChoose={(actorKind) => onChange({ actorKind })}
      />
      <FilterChoice
        label={t.who}
        options={choicesOf(state?.actors, view.actor)}
        chosen={view.actor}
        onChoose={(actor) => onChange({ actor })}
      />
      <FilterChoice
        label={t.action}
        options={choicesOf(state?.actions, view.action)}
        chosen={view.action}
        onChoose={(action) => onChange({ action })}
      />
      <FilterChoice
        label={t.kindOfSubject}
        options={choicesOf(state?.subjectKinds, [])}
        chosen={view.subjectKind === undefined ? [] : [view.subjectKind]}
        onChoose={(kinds) => onChange({ subjectKind: kinds.at(-1) })}
      />
      <div className={styles.days}>
        {day('from', t.from)}
        {day('until', t.until)}
      </div>
    </search>
  );
}

/** What is chosen can be taken back, also where nothing of it is in the log. */
const choicesOf = (
  known: readonly string[] = [],
  chosen: readonly string[],
): { readonly value: string; readonly label: string }[] =>
  [...new Set([...known, ...chosen])].map((value) => ({ value, label: value }));

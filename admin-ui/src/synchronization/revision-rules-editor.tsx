/** The two rules that decisions follow newer revisions by. */
import { Button, Switch, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { RevisionRules } from '../../../protocol/console/revision-rules.ts';
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { Section } from '../frame/section.tsx';
import { useSetRevisionRules } from './synchronization-queries.ts';

const useStyles = makeStyles({
  root: { maxWidth: '680px' },
  rule: { display: 'flex', flexDirection: 'column', paddingBottom: '8px' },
  // Below the label, not below the switch.
  hint: { paddingLeft: '60px', color: tokens.colorNeutralForeground3 },
  bar: { display: 'flex', flexWrap: 'wrap', gap: '8px', paddingTop: '12px' },
});

interface RuleProps {
  readonly label: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Rule({ label, hint, checked, disabled = false, onChange }: RuleProps): ReactElement {
  const styles = useStyles();
  const hintId = useId();
  return (
    <div className={styles.rule}>
      <Switch
        label={label}
        checked={checked}
        disabled={disabled}
        aria-describedby={hintId}
        onChange={(_, data) => onChange(data.checked)}
      />
      <Text size={200} id={hintId} className={styles.hint}>
        {hint}
      </Text>
    </div>
  );
}

export function RevisionRulesEditor({ saved }: { readonly saved: RevisionRules }): ReactElement {
  const styles = useStyles();
  const [rules, setRules] = useState(saved);
  const notice = useNotice();
  const save = useSetRevisionRules(() =>
    notice({ intent: 'success', title: 'Rules saved', text: 'The next synchronization follows them.' }),
  );
  const isChanged = JSON.stringify(rules) !== JSON.stringify(saved);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(rules);
  };
  return (
    <form className={styles.root} onSubmit={submit}>
      <Section title="When a newer revision of an update comes">
        <Rule
          label="Move approvals to the newer revision"
          hint="With their deadlines, for every group. Not where it has licence terms that nobody accepted: approve it then yourself. Where this is off, computers keep being offered the revision that was approved, and the list of updates says that a newer one waits."
          checked={rules.moveApprovals}
          onChange={(moveApprovals) => setRules({ ...rules, moveApprovals })}
        />
        <Rule
          label="Decline an update when its newer revision is expired"
          hint="Its approvals end: no computer is offered it any more. Only where approvals move."
          checked={rules.moveApprovals && rules.declineExpired}
          disabled={!rules.moveApprovals}
          onChange={(declineExpired) => setRules({ ...rules, declineExpired })}
        />
      </Section>
      {save.isError && <Failure what="The rules were not saved." error={save.error} />}
      <div className={styles.bar}>
        <Button type="submit" appearance="primary" disabled={!isChanged || save.isPending}>
          Save rules
        </Button>
        <Button disabled={!isChanged} onClick={() => setRules(saved)}>
          Discard
        </Button>
      </div>
    </form>
  );
}

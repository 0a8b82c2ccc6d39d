/** The two rules that decisions follow newer revisions by. */
import { Button, Switch, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { RevisionRules } from '../../../protocol/console/revision-rules.ts';
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useSetRevisionRules } from './synchronization-queries.ts';
import { texts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  const [rules, setRules] = useState(saved);
  const notice = useNotice();
  const save = useSetRevisionRules(() =>
    notice({ intent: 'success', title: t.rulesSaved, text: t.rulesFollowed }),
  );
  const isChanged = JSON.stringify(rules) !== JSON.stringify(saved);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(rules);
  };
  return (
    <form className={styles.root} onSubmit={submit}>
      <Section title={t.rulesTitle}>
        <Rule
          label={t.moveApprovals}
          hint={t.moveApprovalsHint}
          checked={rules.moveApprovals}
          onChange={(moveApprovals) => setRules({ ...rules, moveApprovals })}
        />
        <Rule
          label={t.declineExpired}
          hint={t.declineExpiredHint}
          checked={rules.moveApprovals && rules.declineExpired}
          disabled={!rules.moveApprovals}
          onChange={(declineExpired) => setRules({ ...rules, declineExpired })}
        />
      </Section>
      {save.isError && <Failure what={t.rulesNotSaved} error={save.error} />}
      <div className={styles.bar}>
        <Button type="submit" appearance="primary" disabled={!isChanged || save.isPending}>
          {t.saveRules}
        </Button>
        <Button disabled={!isChanged} onClick={() => setRules(saved)}>
          {t.discard}
        </Button>
      </div>
    </form>
  );
}

/** Switching a rule on and off, running it now, deleting it. */
import { Button, Tooltip } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import { useState, type ReactElement } from 'react';
import { useErrorText } from '../api/use-error-text.ts';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useDeleteRule, useRunRule, useSwitchRule, type VersionedRule } from './rules-queries.ts';
import { texts } from './texts.ts';

interface RuleActionsProps {
  readonly rule: VersionedRule;
  /** Changes that are not saved: what would run is not what is shown. */
  readonly isDirty: boolean;
  readonly onDeleted: () => void;
}

export function RuleActions({ rule, isDirty, onDeleted }: RuleActionsProps): ReactElement {
  const t = useTexts(texts);
  const notice = useNotice();
  const errorText = useErrorText();
  const [deleting, setDeleting] = useState(false);
  const { name, enabled, ruleId, lastRun } = rule.value;
  const failed =
    (title: string) =>
    (error: Error): void =>
      notice({ intent: 'error', title, text: errorText(error) });
  const turn = useSwitchRule((now) =>
    notice({ intent: 'success', title: now.value.enabled ? t.switchedOn : t.switchedOff }),
  );
  const run = useRunRule((started) =>
    notice({ intent: 'success', title: t.runAsked, text: started ? t.runAskedText : t.runOnAlready }),
  );
  const remove = useDeleteRule(() => {
    notice({ intent: 'success', title: t.removed(name) });
    onDeleted();
  });
  const isUnderWay = lastRun?.state === 'waiting' || lastRun?.state === 'running';
  const runButton = (
    <Button
      size="small"
      icon={<PlayCircleRegular />}
      disabled={run.isPending || isUnderWay || isDirty}
      onClick={() => run.mutate(ruleId, { onError: failed(t.notRun) })}
    >
      {t.runNow}
    </Button>
  );
  return (
    <>
      <Button
        size="small"
        disabled={turn.isPending || isDirty}
        onClick={() => turn.mutate(rule, { onError: failed(t.notSwitched) })}
      >
        {enabled ? t.switchOff : t.switchOn}
      </Button>
      {isDirty ? (
        <Tooltip content={t.saveFirst} relationship="description">
          {runButton}
        </Tooltip>
      ) : (
        runButton
      )}
      <Button size="small" icon={<DeleteRegular />} onClick={() => setDeleting(true)}>
        {t.remove}
      </Button>
      {deleting && (
        <TypedConfirmation
          title={t.removeTitle(name)}
          name={name}
          action={t.removeAction}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(rule)}
          onClose={() => setDeleting(false)}
        >
          {t.removeText}
        </TypedConfirmation>
      )}
    </>
  );
}

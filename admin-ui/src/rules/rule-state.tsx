/** Whether a rule is on: by shape and word. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { FlashFilled } from '@fluentui/react-icons/svg/flash';
import { FlashOffRegular } from '@fluentui/react-icons/svg/flash-off';
import type { ReactElement } from 'react';
import type { RuleRun } from '../../../protocol/console/rules.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts, type RuleTexts } from './texts.ts';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '4px',
    whiteSpace: 'nowrap',
    '& svg': { width: '16px', height: '16px', flexShrink: 0 },
  },
});

export function RuleStateBadge({ enabled }: { readonly enabled: boolean }): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const Icon = enabled ? FlashFilled : FlashOffRegular;
  const color = enabled ? tokens.colorPaletteGreenForeground1 : tokens.colorNeutralForeground3;
  return (
    <span className={styles.root} style={{ color }}>
      <Icon />
      {enabled ? t.on : t.off}
    </span>
  );
}

/** How a run stands or went. */
export function runWords(run: RuleRun, t: RuleTexts): string {
  if (run.state === 'waiting') return t.runWaiting;
  if (run.state === 'running') return `${t.runRunning} · ${t.runDone(run.updates)}`;
  return [
    ...(run.state === 'stopped' ? [t.runStopped] : []),
    ...(run.state === 'failed' ? [t.runFailed] : []),
    t.runDone(run.updates),
    ...(run.waiting > 0 ? [t.runHeld(run.waiting)] : []),
  ].join(' · ');
}

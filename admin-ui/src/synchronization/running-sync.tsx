/** A synchronization that is going on: its phases, the bar of the present one, and stopping it. */
import { Button, ProgressBar, Text, makeStyles, tokens } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import type { ReactElement } from 'react';
import { SYNC_PHASES } from '../../../protocol/channel/messages.ts';
import { formatCount } from '../format/amounts.ts';
import { useSeconds } from '../format/now.ts';
import { duration } from '../format/relative-time.ts';
import { Failure } from '../frame/failure.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { phaseShare, phaseState, type Phase } from './phases.ts';
import { useCancelSync } from './synchronization-queries.ts';
import { texts } from './texts.ts';

const ICONS = { done: CheckmarkCircleFilled, running: PlayCircleRegular, waiting: CircleRegular } as const;

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '12px' },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: '6px',
  },
  phase: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    '& svg': { width: '18px', height: '18px', flexShrink: 0 },
  },
  done: { color: tokens.colorPaletteGreenForeground1 },
  running: { color: tokens.colorBrandForeground1, fontWeight: tokens.fontWeightSemibold },
  waiting: { color: tokens.colorNeutralForeground3 },
  amount: { fontVariantNumeric: 'tabular-nums' },
});

interface RunningSyncProps {
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
  readonly startedAt?: string | undefined;
}

export function RunningSync({ phase, done, total, startedAt }: RunningSyncProps): ReactElement {
  const t = useTexts(texts);
  const language = useLanguage();
  const styles = useStyles();
  const now = useSeconds();
  const cancel = useCancelSync();
  const isReplica = useReplicaOf() !== undefined;
  const share = phaseShare(done, total);
  const amount = total > 0 ? t.doneOf(done, total) : done > 0 ? formatCount(done) : '';
  return (
    <div className={styles.root}>
      <ol className={styles.list} aria-label={t.phasesList}>
        {SYNC_PHASES.filter((one) => one !== 'deployments' || isReplica).map((one) => {
          const state = phaseState(one, phase);
          const Icon = ICONS[state];
          return (
            <li
              key={one}
              className={styles.phase}
              {...(state === 'running' && { 'aria-current': 'step' as const })}
            >
              <Icon className={styles[state]} aria-label={t.phaseStates[state]} />
              <span className={styles[state]}>{t.phases[one]}</span>
              {state === 'running' && <span className={styles.amount}>{amount}</span>}
            </li>
          );
        })}
      </ol>
      <ProgressBar aria-label={t.phases[phase]} {...(share !== undefined && { value: share })} />
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <Button disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          {t.cancel}
        </Button>
        {startedAt !== undefined && (
          <Text>{t.runningFor(duration(now - Date.parse(startedAt), language))}</Text>
        )}
      </div>
      {cancel.isError && <Failure what={t.goesOn} error={cancel.error} />}
    </div>
  );
}

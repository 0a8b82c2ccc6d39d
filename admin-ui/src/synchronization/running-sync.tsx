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
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { PHASE_WORDS, phaseShare, phaseState, type Phase, type PhaseState } from './phases.ts';
import { useCancelSync } from './synchronization-queries.ts';

const ICONS = { done: CheckmarkCircleFilled, running: PlayCircleRegular, waiting: CircleRegular } as const;
const WORDS: Readonly<Record<PhaseState, string>> = { done: 'done', running: 'now', waiting: 'waiting' };

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
  const language = useLanguage();
  const styles = useStyles();
  const now = useSeconds();
  const cancel = useCancelSync();
  const isReplica = useReplicaOf() !== undefined;
  const share = phaseShare(done, total);
  const amount =
    total > 0 ? `${formatCount(done)} of ${formatCount(total)}` : done > 0 ? formatCount(done) : '';
  return (
    <div className={styles.root}>
      <ol className={styles.list} aria-label="Phases">
        {SYNC_PHASES.filter((one) => one !== 'deployments' || isReplica).map((one) => {
          const state = phaseState(one, phase);
          const Icon = ICONS[state];
          return (
            <li
              key={one}
              className={styles.phase}
              {...(state === 'running' && { 'aria-current': 'step' as const })}
            >
              <Icon className={styles[state]} aria-label={WORDS[state]} />
              <span className={styles[state]}>{PHASE_WORDS[one]}</span>
              {state === 'running' && <span className={styles.amount}>{amount}</span>}
            </li>
          );
        })}
      </ol>
      <ProgressBar aria-label={PHASE_WORDS[phase]} {...(share !== undefined && { value: share })} />
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <Button disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          Cancel
        </Button>
        {startedAt !== undefined && (
          <Text>
            Running for {duration(now - Date.parse(startedAt), language)}. What has arrived is kept if it is
            cancelled.
          </Text>
        )}
      </div>
      {cancel.isError && <Failure what="It goes on." error={cancel.error} />}
    </div>
  );
}

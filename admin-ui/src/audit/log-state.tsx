/** Whether the log is as it was written, when that was looked at, and where it ends. */
import {
  Button,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  Tooltip,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons/svg/shield-checkmark';
import { ShieldErrorRegular } from '@fluentui/react-icons/svg/shield-error';
import type { ReactElement } from 'react';
import type { AuditState } from '../../../protocol/console/audit.ts';
import { formatCount } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { NARROW } from '../frame/media.ts';
import { useTexts } from '../language/use-texts.ts';
import { useAuditState, useVerifyAudit } from './audit-queries.ts';
import { CopyButton } from './copy-button.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    padding: '0 24px 12px',
    [NARROW]: { padding: '0 12px 8px' },
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '4px 12px' },
  word: { display: 'inline-flex', alignItems: 'center', gap: '6px', fontWeight: tokens.fontWeightSemibold },
  icon: { display: 'inline-flex', fontSize: '20px' },
  right: { color: tokens.colorStatusSuccessForeground1 },
  wrong: { color: tokens.colorStatusDangerForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  head: { display: 'inline-flex', alignItems: 'center', gap: '4px' },
});

export function LogState(): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  const state = useAuditState();
  const verify = useVerifyAudit();
  if (state.isError && state.data === undefined)
    return (
      <div className={styles.root}>
        <Failure what={t.stateNotRead} error={state.error} onRetry={() => void state.refetch()} />
      </div>
    );
  if (state.data === undefined) return null;
  const { sequence, hash, verified } = state.data;
  return (
    <div className={styles.root}>
      <div className={styles.line}>
        <Verdict verified={verified} />
        <Button
          size="small"
          disabled={verify.isPending}
          icon={verify.isPending ? <Spinner size="extra-tiny" /> : null}
          onClick={() => verify.mutate()}
        >
          {verify.isPending ? t.verifying : t.verify}
        </Button>
        {sequence > 0 && (
          <span className={styles.head}>
            <Tooltip content={t.headHint} relationship="description">
              <Text className={styles.quiet}>{t.head(formatCount(sequence))}</Text>
            </Tooltip>
            <CopyButton what={t.head(formatCount(sequence))} text={`${sequence}:${hash}`} />
          </span>
        )}
      </div>
      {verify.isError && <Failure what={t.notVerified} error={verify.error} />}
      {verified !== undefined && verified.found > 0 && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{verified.findings.join(' ')}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}

function Verdict({ verified }: Pick<AuditState, 'verified'>): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (verified === undefined)
    return (
      <span className={styles.word}>
        <QuestionCircleRegular className={styles.icon} />
        {t.neverVerified}
      </span>
    );
  const isRight = verified.found === 0;
  return (
    <>
      <span className={styles.word}>
        <span className={isRight ? styles.right : styles.wrong}>
          {isRight ? (
            <ShieldCheckmarkRegular className={styles.icon} />
          ) : (
            <ShieldErrorRegular className={styles.icon} />
          )}
        </span>
        {isRight ? t.chainRight : t.chainWrong(verified.found)}
      </span>
      <Text className={styles.quiet}>
        {t.verifiedUpTo(formatCount(verified.sequence))} <Time at={verified.at} />
      </Text>
    </>
  );
}

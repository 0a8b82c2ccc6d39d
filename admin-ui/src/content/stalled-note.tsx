/** That nothing comes though something should, since when, and what most probably is wrong. */
import {
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentOverview } from '../../../protocol/console/content.ts';
import { useNow } from '../format/now.ts';
import { Time } from '../format/time.tsx';
import { LinkButton } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

/** Milliseconds without a file until somebody is told. */
const QUIET = 3_600_000;

const useStyles = makeStyles({ text: { overflowWrap: 'anywhere' } });

interface StalledNoteProps {
  readonly content: ContentOverview;
  /** Bytes are coming, or it is not known yet. */
  readonly isArriving: boolean;
}

export function StalledNote({ content, isArriving }: StalledNoteProps): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  const now = useNow();
  const { wanted, quarantined, lastReceivedAt, commonestError, laterFiles, fetch } = content;
  const waiting = wanted.files + quarantined.files;
  const isQuiet = lastReceivedAt === undefined || now - Date.parse(lastReceivedAt) > QUIET;
  if (waiting === 0 || isArriving || !isQuiet) return null;
  if (commonestError === undefined && fetch === 'on-request') return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody className={styles.text}>
        <MessageBarTitle>
          {lastReceivedAt === undefined ? (
            t.neverCame(waiting)
          ) : (
            <>
              {t.noneSince(waiting).before}
              <Time at={lastReceivedAt} />
              {t.noneSince(waiting).after}
            </>
          )}
        </MessageBarTitle>{' '}
        {commonestError === undefined
          ? t.notTried
          : t.commonest(
              commonestError.files,
              commonestError.ofFiles,
              commonestError.ofFiles < laterFiles,
              commonestError.text,
            )}
      </MessageBarBody>
      {laterFiles > 0 && (
        <MessageBarActions>
          <LinkButton to="/content?tab=queue&aspect=later">{t.seeWhich}</LinkButton>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

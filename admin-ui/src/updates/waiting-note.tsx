/** Says that an update is approved in an older revision, and why not in the newest. */
import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { useTexts } from '../language/use-texts.ts';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({ root: { marginBottom: '12px' }, text: { overflowWrap: 'anywhere' } });

/** Nothing where every approval is of the newest revision. */
export function WaitingNote({ update }: { readonly update: UpdateDetails }): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  const replicaOf = useReplicaOf();
  const { waiting, revisionNumber } = update;
  if (waiting === undefined) return null;
  const why = replicaOf === undefined ? t.reasons[waiting.reason] : t.decidedOn(replicaOf);
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.root}>
      <MessageBarBody className={styles.text}>
        <MessageBarTitle>{t.waits(revisionNumber)}</MessageBarTitle> {t.waiting(waiting.groups)} {why}
      </MessageBarBody>
    </MessageBar>
  );
}

/** Says on a page that something of it is decided on the upstream server. */
import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { NARROW } from '../frame/media.ts';
import { useReplicaOf } from './use-replica-of.ts';

const useStyles = makeStyles({
  root: { margin: '0 24px 8px', flexShrink: 0, [NARROW]: { margin: '0 12px 8px' } },
  text: { overflowWrap: 'anywhere' },
});

interface ReplicaNoteProps {
  /** The beginning of a sentence: what is decided there, `Approvals and declines are`. */
  readonly what: string;
  /** What can be done here all the same. */
  readonly here?: string;
}

/** Nothing where the relay is autonomous. */
export function ReplicaNote({ what, here }: ReplicaNoteProps): ReactElement | null {
  const styles = useStyles();
  const host = useReplicaOf();
  if (host === undefined) return null;
  return (
    <MessageBar intent="info" layout="multiline" className={styles.root}>
      <MessageBarBody className={styles.text}>
        <MessageBarTitle>Replica of {host}.</MessageBarTitle> {what} decided there, and taken over with each
        synchronization.{here !== undefined && ` ${here}`}
      </MessageBarBody>
    </MessageBar>
  );
}

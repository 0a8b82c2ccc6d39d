/** Says on a page that something of it is decided on the upstream server. */
import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { NARROW } from '../frame/media.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';
import { useReplicaOf } from './use-replica-of.ts';

const useStyles = makeStyles({
  root: { margin: '0 24px 8px', flexShrink: 0, [NARROW]: { margin: '0 12px 8px' } },
  text: { overflowWrap: 'anywhere' },
});

interface ReplicaNoteProps {
  /** A sentence: what is decided there. */
  readonly says: string;
  /** What can be done here all the same. */
  readonly here?: string;
}

/** Nothing where the relay is autonomous. */
export function ReplicaNote({ says, here }: ReplicaNoteProps): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  const host = useReplicaOf();
  if (host === undefined) return null;
  return (
    <MessageBar intent="info" layout="multiline" className={styles.root}>
      <MessageBarBody className={styles.text}>
        <MessageBarTitle>{t.replicaOf(host)}</MessageBarTitle> {says} {here}
      </MessageBarBody>
    </MessageBar>
  );
}

/** Says that an update is approved in an older revision, and why not in the newest. */
import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { WaitingReason } from '../../../protocol/console/revision-rules.ts';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { countOf } from '../format/amounts.ts';
import { useReplicaOf } from '../replica/use-replica-of.ts';

const REASONS: Readonly<Record<WaitingReason, string>> = {
  Expired: 'It is expired, so it cannot be installed. Decline the update, or approve what supersedes it.',
  LicenceTerms: 'It has licence terms that nobody accepted. Approve it to read and accept them.',
  PartsMissing: 'A part that it bundles has not arrived. A later synchronization brings it.',
  NotRemovable: 'It cannot be uninstalled, and the update is approved for removal.',
  NotDeployable: 'It is a mere part of other updates now. Decide about these.',
  NotMoved: 'Approvals are not moved by themselves. Approve it to have it offered.',
  NextSynchronization: 'The next synchronization moves the approvals to it.',
};

const useStyles = makeStyles({ root: { marginBottom: '12px' }, text: { overflowWrap: 'anywhere' } });

/** Nothing where every approval is of the newest revision. */
export function WaitingNote({ update }: { readonly update: UpdateDetails }): ReactElement | null {
  const styles = useStyles();
  const replicaOf = useReplicaOf();
  const { waiting, revisionNumber } = update;
  if (waiting === undefined) return null;
  const why = replicaOf === undefined ? REASONS[waiting.reason] : `It is decided on ${replicaOf}.`;
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.root}>
      <MessageBarBody className={styles.text}>
        <MessageBarTitle>Revision {revisionNumber} waits.</MessageBarTitle> {countOf(waiting.groups, 'group')}{' '}
        {waiting.groups === 1 ? 'has' : 'have'} an older revision approved. {why}
      </MessageBarBody>
    </MessageBar>
  );
}

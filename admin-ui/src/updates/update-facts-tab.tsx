/** What an update is. */
import { Link, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { Time } from '../format/time.tsx';
import { countOf } from '../format/amounts.ts';
import { Facts } from '../frame/facts.tsx';
import { LicenceText } from '../frame/licence-text.tsx';
import { Section } from '../frame/section.tsx';
import { ApprovalBadge } from '../states/approval-badge.tsx';
import { Severity } from '../states/severity.tsx';
import { impactWord, restartWord } from './behaviour-words.ts';
import { languageNames } from './language-names.ts';
import { WaitingNote } from './waiting-note.tsx';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'flex', flexWrap: 'wrap', gap: '2px 10px' },
  followed: { margin: '12px 0 0', padding: 0, listStyleType: 'none' },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

const yesNo = (value: boolean): string => (value ? 'Yes' : 'No');
const joined = (values: readonly string[]): string | undefined =>
  values.length === 0 ? undefined : values.join(', ');

const followedWords = (one: UpdateDetails['followed'][number]): string =>
  one.outcome === 'moved'
    ? `the synchronization moved ${countOf(one.decisions, 'decision')} from revision ${one.fromRevisionNumber} to ${one.toRevisionNumber}.`
    : `the synchronization declined the update, since revision ${one.toRevisionNumber} is expired; ${countOf(one.decisions, 'decision')} ended.`;

/** Only what is plainly a web address becomes a link: the text comes from outside. */
function WebAddress({ address }: { readonly address: string }): ReactElement {
  if (!/^https?:\/\//i.test(address)) return <>{address}</>;
  return (
    <Link href={address} target="_blank" rel="noreferrer noopener">
      {address}
    </Link>
  );
}

function WebAddresses({ addresses }: { readonly addresses: readonly string[] }): ReactNode {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {addresses.map((address) => (
        <li key={address}>
          <WebAddress address={address} />
        </li>
      ))}
    </ul>
  );
}

function Licence({ eula }: { readonly eula: NonNullable<UpdateDetails['eula']> }): ReactElement {
  return (
    <Section as="h3" title="Licence terms">
      <Text>
        {eula.accepted
          ? 'Accepted for the computers of this relay.'
          : 'To be accepted by whoever approves the update.'}
      </Text>
      {eula.text !== undefined && <LicenceText label="Text of the licence terms" text={eula.text} />}
    </Section>
  );
}

export function UpdateFactsTab({ update }: { readonly update: UpdateDetails }): ReactElement {
  const styles = useStyles();
  return (
    <>
      <WaitingNote update={update} />
      <Section as="h3" title="What it is">
        <Text>{update.description === '' ? 'It came without a description.' : update.description}</Text>
        <Facts
          facts={[
            { name: 'Approval', value: <ApprovalBadge approval={update.approval} /> },
            {
              name: 'Declined',
              value: update.declined && (
                <>
                  by {update.declined.adminName}, <Time at={update.declined.declinedAt} />
                </>
              ),
            },
            { name: 'Classification', value: update.classification?.title },
            { name: 'Products', value: joined(update.products.map(({ title }) => title)) },
            { name: 'Severity', value: update.msrcSeverity && <Severity severity={update.msrcSeverity} /> },
            { name: 'KB articles', value: joined(update.kbArticleIds.map((id) => `KB${id}`)) },
            { name: 'Bulletins', value: joined(update.securityBulletinIds) },
            { name: 'CVE', value: joined(update.cveIds) },
            { name: 'Released', value: <Time at={update.creationDate} /> },
            { name: 'Arrived here', value: <Time at={update.arrivedAt} /> },
            { name: 'Restart', value: update.rebootBehavior && restartWord(update.rebootBehavior) },
            { name: 'Impact', value: update.impact && impactWord(update.impact) },
            { name: 'Uninstallable', value: yesNo(update.canUninstall) },
            { name: 'Superseded', value: yesNo(update.isSuperseded) },
            { name: 'Expired', value: yesNo(update.isExpired) },
            { name: 'Languages', value: joined(languageNames(update.languages)) },
            {
              name: 'More about it',
              value:
                update.moreInfoUrls.length === 0 ? undefined : (
                  <WebAddresses addresses={update.moreInfoUrls} />
                ),
            },
            { name: 'Support', value: update.supportUrl && <WebAddress address={update.supportUrl} /> },
          ]}
        />
      </Section>
      {update.eula !== undefined && <Licence eula={update.eula} />}
      <Section as="h3" title="Identity and revisions">
        <Facts
          facts={[
            { name: 'Update', value: <span className={styles.code}>{update.updateId}</span> },
            { name: 'Type', value: update.updateType },
            ...update.revisions.map((revision) => ({
              name: `Revision ${revision.revisionNumber}`,
              value: (
                <>
                  arrived <Time at={revision.arrivedAt} />
                  {revision.isLatest && ', the latest'}
                  {revision.isExpired && ', expired'}
                  {revision.approvedFor > 0 && `, approved for ${countOf(revision.approvedFor, 'group')}`}
                </>
              ),
            })),
          ]}
        />
        {update.followed.length > 0 && (
          <ol className={styles.followed} aria-label="What synchronizations did to decisions">
            {update.followed.map((one, index) => (
              <li key={index}>
                <Time at={one.at} />: {followedWords(one)}
              </li>
            ))}
          </ol>
        )}
      </Section>
    </>
  );
}

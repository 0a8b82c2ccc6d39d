/** What an update is. */
import { Link, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { LicenceText } from '../frame/licence-text.tsx';
import { Section } from '../frame/section.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { RuleTraces } from '../rules/rule-traces.tsx';
import { ApprovalBadge } from '../states/approval-badge.tsx';
import { Severity } from '../states/severity.tsx';
import { impactWord, restartWord } from './behaviour-words.ts';
import { languageNames } from './language-names.ts';
import { texts, type UpdateTexts } from './texts.ts';
import { WaitingNote } from './waiting-note.tsx';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'flex', flexWrap: 'wrap', gap: '2px 10px' },
  followed: { margin: '12px 0 0', padding: 0, listStyleType: 'none' },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

const joined = (values: readonly string[]): string | undefined =>
  values.length === 0 ? undefined : values.join(', ');

const followedWords = (one: UpdateDetails['followed'][number], t: UpdateTexts): string =>
  one.outcome === 'moved'
    ? t.moved(one.decisions, one.fromRevisionNumber, one.toRevisionNumber)
    : t.ended(one.decisions, one.toRevisionNumber);

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
  const t = useTexts(texts);
  return (
    <Section as="h3" title={t.licence}>
      <Text>{eula.accepted ? t.licenceAccepted : t.licenceOpen}</Text>
      {eula.text !== undefined && <LicenceText label={t.licenceText} text={eula.text} />}
    </Section>
  );
}

export function UpdateFactsTab({ update }: { readonly update: UpdateDetails }): ReactElement {
  const language = useLanguage();
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <>
      <WaitingNote update={update} />
      <Section as="h3" title={t.what}>
        <Text>{update.description === '' ? t.noDescription : update.description}</Text>
        <Facts
          facts={[
            { name: t.facts.approval, value: <ApprovalBadge approval={update.approval} /> },
            {
              name: t.facts.declined,
              value: update.declined && (
                <>
                  {t.byWhom(update.declined.adminName)}, <Time at={update.declined.declinedAt} />
                </>
              ),
            },
            { name: t.facts.classification, value: update.classification?.title },
            { name: t.facts.products, value: joined(update.products.map(({ title }) => title)) },
            {
              name: t.facts.severity,
              value: update.msrcSeverity && <Severity severity={update.msrcSeverity} />,
            },
            { name: t.facts.kb, value: joined(update.kbArticleIds.map((id) => `KB${id}`)) },
            { name: t.facts.bulletins, value: joined(update.securityBulletinIds) },
            { name: t.facts.cve, value: joined(update.cveIds) },
            { name: t.facts.released, value: <Time at={update.creationDate} /> },
            { name: t.facts.arrived, value: <Time at={update.arrivedAt} /> },
            { name: t.facts.restart, value: update.rebootBehavior && restartWord(update.rebootBehavior, t) },
            { name: t.facts.impact, value: update.impact && impactWord(update.impact, t) },
            { name: t.facts.uninstallable, value: update.canUninstall ? t.yes : t.no },
            { name: t.facts.superseded, value: update.isSuperseded ? t.yes : t.no },
            { name: t.facts.expired, value: update.isExpired ? t.yes : t.no },
            { name: t.facts.languages, value: joined(languageNames(update.languages, language)) },
            {
              name: t.facts.more,
              value:
                update.moreInfoUrls.length === 0 ? undefined : (
                  <WebAddresses addresses={update.moreInfoUrls} />
                ),
            },
            { name: t.facts.support, value: update.supportUrl && <WebAddress address={update.supportUrl} /> },
          ]}
        />
      </Section>
      <RuleTraces traces={update.ruleTraces} />
      {update.eula !== undefined && <Licence eula={update.eula} />}
      <Section as="h3" title={t.identity}>
        <Facts
          facts={[
            { name: t.identityUpdate, value: <span className={styles.code}>{update.updateId}</span> },
            { name: t.type, value: update.updateType },
            ...update.revisions.map((revision) => ({
              name: t.revision(revision.revisionNumber),
              value: (
                <>
                  {t.arrived} <Time at={revision.arrivedAt} />
                  {revision.isLatest && t.latest}
                  {revision.isExpired && t.revisionExpired}
                  {revision.approvedFor > 0 && t.approvedFor(revision.approvedFor)}
                </>
              ),
            })),
          ]}
        />
        {update.followed.length > 0 && (
          <ol className={styles.followed} aria-label={t.followedList}>
            {update.followed.map((one, index) => (
              <li key={index}>
                <Time at={one.at} />: {followedWords(one, t)}
              </li>
            ))}
          </ol>
        )}
      </Section>
    </>
  );
}

/** One page that answers why a computer gets an update, or does not: the verdict first, then each step that led to it. */
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle';
import { Card, Text, Title3, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useSearchParams } from 'react-router';
import type { ExplainedGroup, Explanation } from '../../../protocol/console/explanation.ts';
import { formatBytes, formatHresult } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Empty } from '../frame/empty.tsx';
import { Facts } from '../frame/facts.tsx';
import { Failure } from '../frame/failure.tsx';
import { LinkButton, TextLink } from '../frame/link-button.tsx';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useGroupName } from '../groups/group-name.ts';
import { useTexts } from '../language/use-texts.ts';
import { StateBadge } from '../states/state-badge.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { ExplainedClauses, nameOf } from './explained-clauses.tsx';
import { useExplanation } from './explanation-query.ts';
import { texts, type ExplanationTexts } from './texts.ts';

const useStyles = makeStyles({
  body: { padding: '0 24px 24px', maxWidth: '860px', [NARROW]: { padding: '0 12px 12px' } },
  verdict: { marginBottom: '24px', overflowWrap: 'anywhere' },
  list: { margin: 0, paddingLeft: '20px', display: 'flex', flexDirection: 'column', gap: '4px' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function ExplanationPage(): ReactElement {
  const [params] = useSearchParams();
  const t = useTexts(texts);
  const computerId = params.get('computer') ?? '';
  const updateId = params.get('update') ?? '';
  return (
    <>
      <PageHeader title={t.title} />
      {computerId === '' || updateId === '' ? (
        <Empty icon={<QuestionCircleRegular />} title={t.nothingAsked} text={t.nothingAskedText}>
          <LinkButton to="/computers">{t.toComputers}</LinkButton>
        </Empty>
      ) : (
        <Answer computerId={computerId} updateId={updateId} />
      )}
    </>
  );
}

function Answer({
  computerId,
  updateId,
}: {
  readonly computerId: string;
  readonly updateId: string;
}): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const explanation = useExplanation(computerId, updateId);
  return (
    <div className={styles.body}>
      {explanation.isPending && <SkeletonLines count={10} label={t.reading} />}
      {explanation.isError && (
        <Failure what={t.notRead} error={explanation.error} onRetry={() => void explanation.refetch()} />
      )}
      {explanation.data !== undefined && <Explained explanation={explanation.data} />}
    </div>
  );
}

function Explained({ explanation }: { readonly explanation: Explanation }): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const { computer, update, verdict } = explanation;
  const words = t.verdicts[verdict];
  return (
    <>
      <Card className={styles.verdict}>
        <Title3 as="h2">{words.title}</Title3>
        <Text>{words.text}</Text>
        <Facts
          facts={[
            {
              name: t.computer,
              value: (
                <TextLink to={`/computers?open=${encodeURIComponent(computer.computerId)}`}>
                  {computer.dnsName}
                </TextLink>
              ),
            },
            {
              name: t.update,
              value: (
                <TextLink to={`/updates?open=${update.updateId}`}>{update.title ?? update.updateId}</TextLink>
              ),
            },
          ]}
        />
        {explanation.isExpired && <Text className={styles.quiet}>{t.expired}</Text>}
      </Card>
      <ApprovalStep explanation={explanation} />
      <ScanStep explanation={explanation} />
      <PrerequisiteStep explanation={explanation} />
      <NewerStep explanation={explanation} />
      <ContentStep explanation={explanation} />
      <ReportStep explanation={explanation} />
    </>
  );
}

interface StepProps {
  readonly explanation: Explanation;
}

function ApprovalStep({ explanation }: StepProps): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const { actions } = useTexts(stateTexts);
  const nameOfGroup = useGroupName();
  const { declined, groups, decision, bundledIn } = explanation;
  return (
    <Section title={t.approval}>
      {declined !== undefined && (
        <Text>
          {t.declinedBy(declined.adminName)} · <Time at={declined.declinedAt} />
        </Text>
      )}
      <ul className={styles.list}>
        {groups.map((group) => (
          <li key={group.groupId}>
            {lineOf(group, { word: actions[group.action], nameOfGroup }, t)}
            <span className={styles.quiet}>
              {group.adminName !== undefined && ` · ${t.by(group.adminName)}`}
              {group.changedAt !== undefined && (
                <>
                  {' · '}
                  <Time at={group.changedAt} />
                </>
              )}
              {group.deadline !== undefined && (
                <>
                  {` · ${t.deadline} `}
                  <Time at={group.deadline} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      <Text>
        {decision === undefined
          ? t.nothingTogether
          : t.together(actions[decision.action], decision.revisionNumber)}
      </Text>
      {bundledIn.length > 0 && (
        <Text>
          {t.comesWith}:{' '}
          {bundledIn.map((one, index) => (
            <span key={one.updateId}>
              {index > 0 && ', '}
              <TextLink to={`/updates?open=${one.updateId}`}>{one.title ?? one.updateId}</TextLink>
            </span>
          ))}
        </Text>
      )}
    </Section>
  );
}

function lineOf(
  { groupId, name, inheritedFrom, isUndecided }: ExplainedGroup,
  { word, nameOfGroup }: { readonly word: string; readonly nameOfGroup: ReturnType<typeof useGroupName> },
  t: ExplanationTexts,
): string {
  const own = nameOfGroup(groupId, name);
  if (isUndecided) return t.undecided(own);
  return inheritedFrom === undefined
    ? t.decided(own, word)
    : t.inherited(own, word, nameOfGroup(inheritedFrom.groupId, inheritedFrom.name));
}

function ScanStep({ explanation: { scan } }: StepProps): ReactElement {
  const t = useTexts(texts);
  return (
    <Section title={t.scan}>
      <Facts
        facts={[
          { name: t.lastContact, value: <Time at={scan.lastContact} /> },
          { name: t.saidSince, value: scan.saidAt === undefined ? t.neverSaid : <Time at={scan.saidAt} /> },
        ]}
      />
      {scan.saidAt !== undefined && <Text>{scan.isOffered ? t.offers : t.doesNotOffer}</Text>}
    </Section>
  );
}

function PrerequisiteStep({ explanation }: StepProps): ReactElement {
  const t = useTexts(texts);
  const { clauses, below } = explanation;
  const named = [...clauses, ...below.flatMap((one) => one.clauses)].flatMap(({ anyOf }) => anyOf);
  return (
    <Section title={t.prerequisites}>
      {clauses.length === 0 ? <Text>{t.noPrerequisites}</Text> : <ExplainedClauses clauses={clauses} />}
      {below.map(({ updateId, clauses: own }) => {
        const update = named.find((one) => one.update.updateId === updateId)?.update ?? { updateId };
        return (
          <Section key={updateId} as="h3" title={t.waitsFor(nameOf({ update }, t))}>
            <ExplainedClauses clauses={own} />
          </Section>
        );
      })}
    </Section>
  );
}

function NewerStep({ explanation: { supersededBy } }: StepProps): ReactElement | null {
  const styles = useStyles();
  const t = useTexts(texts);
  if (supersededBy.length === 0) return null;
  return (
    <Section title={t.newer}>
      <ul className={styles.list}>
        {supersededBy.map((one) => (
          <li key={one.updateId}>
            <TextLink to={`/updates?open=${one.updateId}`}>{one.title ?? one.updateId}</TextLink>{' '}
            <span className={styles.quiet}>– {one.isApproved ? t.newerApproved : t.newerNotApproved}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ContentStep({ explanation: { content } }: StepProps): ReactElement | null {
  const t = useTexts(texts);
  if (content === undefined) return null;
  return (
    <Section title={t.content}>
      <Text>
        {content.missing === 0
          ? t.contentHere
          : t.contentMissing(content.missing, formatBytes(content.missingBytes))}
      </Text>
    </Section>
  );
}

function ReportStep({ explanation: { report } }: StepProps): ReactElement {
  const t = useTexts(texts);
  return (
    <Section title={t.report}>
      {report === undefined ? (
        <Text>{t.noReport}</Text>
      ) : (
        <span>
          <StateBadge state={report.state} />
          {report.errorCode !== undefined && report.errorCode !== 0 && (
            <> · {t.errorCode(formatHresult(report.errorCode))}</>
          )}
          {report.changedAt !== undefined && (
            <>
              {' · '}
              <Time at={report.changedAt} />
            </>
          )}
        </span>
      )}
    </Section>
  );
}

/** Who signed what is here: by verdict and by signer. */
import { MessageBar, MessageBarBody, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ShieldQuestionRegular } from '@fluentui/react-icons/svg/shield-question';
import type { ReactElement } from 'react';
import type { SignatureSums } from '../../../protocol/console/content.ts';
import { formatCount } from '../format/amounts.ts';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { NARROW } from '../frame/media.ts';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useSignatures } from './content-queries.ts';
import { texts } from './texts.ts';
import { VerdictBadge } from './verdict-badge.tsx';

const useStyles = makeStyles({
  body: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: '20px 24px',
    [NARROW]: { padding: '16px 12px' },
  },
  inner: { maxWidth: '880px' },
  quiet: { color: tokens.colorNeutralForeground3 },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    fontVariantNumeric: 'tabular-nums',
    '& th, & td': {
      textAlign: 'left',
      verticalAlign: 'top',
      padding: '6px 12px 6px 0',
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    },
    '& th': { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
  },
  name: { overflowWrap: 'anywhere', userSelect: 'text' },
});

export function SignaturesTab(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const sums = useSignatures();
  return (
    <div className={styles.body} role="tabpanel" aria-labelledby="content-tab-signatures" tabIndex={0}>
      {sums.isPending && <SkeletonLines count={8} label={t.readingSignatures} />}
      {sums.isError && (
        <Failure what={t.signaturesNotRead} error={sums.error} onRetry={() => void sums.refetch()} />
      )}
      {sums.data !== undefined && (
        <div className={styles.inner}>
          <Policy sums={sums.data} />
          {sums.data.verdicts.length === 0 ? (
            <Empty icon={<ShieldQuestionRegular />} title={t.noSignature} text={t.noSignatureHint} />
          ) : (
            <>
              <Verdicts sums={sums.data} />
              <Signers sums={sums.data} />
            </>
          )}
        </div>
      )}
    </div>
  );
}

function Policy({ sums }: { readonly sums: SignatureSums }): ReactElement {
  const t = useTexts(texts);
  const { policy, hasRoots, acceptsSha1, unjudged } = sums;
  return (
    <Section title={t.policy}>
      {!hasRoots && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t.noRoots}</MessageBarBody>
        </MessageBar>
      )}
      <Text>
        {policy === 'require' ? t.policyRequire : t.policyRecord} {acceptsSha1 ? t.sha1Accepted : t.sha1Weak}{' '}
        {t.policyHelp}
      </Text>
      {unjudged > 0 && (
        <Text>
          {t.unjudged(unjudged).before}
          <code>sluice content verify</code>
          {t.unjudged(unjudged).after}
        </Text>
      )}
    </Section>
  );
}

const query = (filter: Readonly<Record<string, string>>): string =>
  `/content?${new URLSearchParams(filter).toString()}`;

/** How many are here and how many are in quarantine for it, each with the way to them. */
function Counts({
  files,
  refused,
  filter,
}: {
  readonly files: number;
  readonly refused: number;
  readonly filter: Readonly<Record<string, string>>;
}): ReactElement {
  return (
    <>
      <td>
        {files > refused ? (
          <TextLink to={query({ tab: 'files', ...filter })}>{formatCount(files - refused)}</TextLink>
        ) : (
          '0'
        )}
      </td>
      <td>
        {refused > 0 ? (
          <TextLink to={query({ tab: 'quarantine', aspect: 'refused', ...filter })}>
            {formatCount(refused)}
          </TextLink>
        ) : (
          '0'
        )}
      </td>
    </>
  );
}

function Verdicts({ sums }: { readonly sums: SignatureSums }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <Section title={t.byVerdict}>
      <table className={styles.table} aria-label={t.signaturesByVerdict}>
        <thead>
          <tr>
            <th scope="col">{t.verdict}</th>
            <th scope="col">{t.filesHere}</th>
            <th scope="col">{t.inQuarantine}</th>
          </tr>
        </thead>
        <tbody>
          {sums.verdicts.map(({ verdict, files, refused }) => (
            <tr key={verdict}>
              <td>
                <VerdictBadge verdict={verdict} />
              </td>
              <Counts files={files} refused={refused} filter={{ verdict }} />
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Signers({ sums }: { readonly sums: SignatureSums }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (sums.signers.length === 0) {
    return (
      <Section title={t.bySigner}>
        <Text className={styles.quiet}>{t.noSigner}</Text>
      </Section>
    );
  }
  return (
    <Section title={t.bySigner}>
      <table className={styles.table} aria-label={t.signaturesBySigner}>
        <thead>
          <tr>
            <th scope="col">{t.signer}</th>
            <th scope="col">{t.filesHere}</th>
            <th scope="col">{t.inQuarantine}</th>
            <th scope="col">{t.trusted}</th>
          </tr>
        </thead>
        <tbody>
          {sums.signers.map(({ signer, issuer, files, trusted, refused }) => (
            <tr key={signer}>
              <td className={styles.name}>
                {signer}
                {issuer !== undefined && <div className={styles.quiet}>{t.byIssuer(issuer)}</div>}
              </td>
              <Counts files={files} refused={refused} filter={{ signer }} />
              <td>{formatCount(trusted)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sums.hasMoreSigners && <Text className={styles.quiet}>{t.moreSigners}</Text>}
    </Section>
  );
}

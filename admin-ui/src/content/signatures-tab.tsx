/** Who signed what is here: by verdict and by signer. */
import { MessageBar, MessageBarBody, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ShieldQuestionRegular } from '@fluentui/react-icons/svg/shield-question';
import type { ReactElement } from 'react';
import type { SignatureSums } from '../../../protocol/console/content.ts';
import { countOf, formatCount } from '../format/amounts.ts';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { NARROW } from '../frame/media.ts';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useSignatures } from './content-queries.ts';
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
  const styles = useStyles();
  const sums = useSignatures();
  return (
    <div className={styles.body} role="tabpanel" aria-labelledby="content-tab-signatures" tabIndex={0}>
      {sums.isPending && <SkeletonLines count={8} label="Reading the signatures" />}
      {sums.isError && (
        <Failure
          what="The signatures could not be read."
          error={sums.error}
          onRetry={() => void sums.refetch()}
        />
      )}
      {sums.data !== undefined && (
        <div className={styles.inner}>
          <Policy sums={sums.data} />
          {sums.data.verdicts.length === 0 ? (
            <Empty
              icon={<ShieldQuestionRegular />}
              title="No signature was read yet"
              text="The signature of each file is read once its digests are right: when it arrives, or when it is read again."
            />
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
  const { policy, hasRoots, acceptsSha1, unjudged } = sums;
  return (
    <Section title="Policy">
      {!hasRoots && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            No root certificates are configured (content.signatureRoots), so no signature is trusted.
          </MessageBarBody>
        </MessageBar>
      )}
      <Text>
        {policy === 'require'
          ? 'Programs, cabinets and packages whose signature is not trusted go into quarantine and are never served (content.signatures: require).'
          : 'Signatures are recorded, and files are served whatever they say (content.signatures: record).'}{' '}
        {acceptsSha1 ? 'SHA-1 is accepted.' : 'SHA-1 proves too little.'} What to set before you require them
        is in docs/content.md, under Signatures.
      </Text>
      {unjudged > 0 && (
        <Text>
          {countOf(unjudged, 'file here was', 'files here were')} not judged yet:{' '}
          <code>sluice content verify</code> does it at once.
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
  const styles = useStyles();
  return (
    <Section title="By verdict">
      <table className={styles.table} aria-label="Signatures by verdict">
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Files here</th>
            <th scope="col">In quarantine</th>
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
  const styles = useStyles();
  if (sums.signers.length === 0) {
    return (
      <Section title="By signer">
        <Text className={styles.quiet}>No file here has a signature that names its signer.</Text>
      </Section>
    );
  }
  return (
    <Section title="By signer">
      <table className={styles.table} aria-label="Signatures by signer">
        <thead>
          <tr>
            <th scope="col">Signer</th>
            <th scope="col">Files here</th>
            <th scope="col">In quarantine</th>
            <th scope="col">Trusted</th>
          </tr>
        </thead>
        <tbody>
          {sums.signers.map(({ signer, issuer, files, trusted, refused }) => (
            <tr key={signer}>
              <td className={styles.name}>
                {signer}
                {issuer !== undefined && <div className={styles.quiet}>by {issuer}</div>}
              </td>
              <Counts files={files} refused={refused} filter={{ signer }} />
              <td>{formatCount(trusted)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sums.hasMoreSigners && (
        <Text className={styles.quiet}>There are more signers, of fewer files each.</Text>
      )}
    </Section>
  );
}

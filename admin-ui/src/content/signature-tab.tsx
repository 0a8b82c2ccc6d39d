/** What the signature of a content file says, and what was made of it. */
import { Text } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileDetails } from '../../../protocol/console/content.ts';
import { exactTime } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';
import { VerdictBadge } from './verdict-badge.tsx';

export function SignatureTab({ file }: { readonly file: ContentFileDetails }): ReactElement {
  const t = useTexts(texts);
  const language = useLanguage();
  const { signature } = file;
  if (signature === undefined) {
    return <Text>{t.notJudged}</Text>;
  }
  const { verdict, message, signed, matches, signer, issuer, signedAt, judgedAt, kind } = signature;
  return (
    <Facts
      facts={[
        { name: t.signatureFacts.verdict, value: <VerdictBadge verdict={verdict} /> },
        { name: t.signatureFacts.code, value: verdict },
        { name: t.signatureFacts.why, value: message },
        { name: t.signatureFacts.advice, value: t.verdicts[verdict].advice },
        { name: t.signatureFacts.served, value: signature.isRefused ? t.refused : t.let },
        { name: t.signatureFacts.signed, value: t.signed[signed] },
        {
          name: t.signatureFacts.matches,
          value: matches === undefined ? undefined : matches ? t.thisFileSigned : t.otherFileSigned,
        },
        { name: t.signatureFacts.signer, value: signer },
        { name: t.signatureFacts.issuer, value: issuer },
        {
          name: t.signatureFacts.timestamp,
          value:
            signedAt === undefined
              ? signed === 'yes'
                ? t.noTimestamp
                : undefined
              : exactTime(signedAt, language),
        },
        { name: t.signatureFacts.kind, value: kind },
        {
          name: t.signatureFacts.judged,
          value: (
            <>
              <Time at={judgedAt} /> ({exactTime(judgedAt, language)})
            </>
          ),
        },
      ]}
    />
  );
}

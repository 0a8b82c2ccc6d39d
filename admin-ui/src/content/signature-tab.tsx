/** What the signature of a content file says, and what was made of it. */
import { Text } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileDetails, ContentSignatureView } from '../../../protocol/console/content.ts';
import { exactTime } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { useLanguage } from '../language/language.ts';
import { VerdictBadge } from './verdict-badge.tsx';
import { VERDICT_WORDS } from './verdict-words.ts';

const SIGNED_WORDS: Readonly<Record<ContentSignatureView['signed'], string>> = {
  yes: 'Yes',
  no: 'No',
  unsupported: 'Not in a way that can be read',
  damaged: 'Its signature is damaged',
};

export function SignatureTab({ file }: { readonly file: ContentFileDetails }): ReactElement {
  const language = useLanguage();
  const { signature } = file;
  if (signature === undefined) {
    return <Text>Its signature was not read yet: that happens once its digests are right.</Text>;
  }
  const { verdict, message, signed, matches, signer, issuer, signedAt, judgedAt, kind } = signature;
  return (
    <Facts
      facts={[
        { name: 'Verdict', value: <VerdictBadge verdict={verdict} /> },
        { name: 'Code', value: verdict },
        { name: 'Why', value: message },
        { name: 'What to do', value: VERDICT_WORDS[verdict].advice },
        { name: 'Served', value: signature.isRefused ? 'No: the policy refuses it' : 'The policy lets it' },
        { name: 'Signed', value: SIGNED_WORDS[signed] },
        {
          name: 'File signed',
          value: matches === undefined ? undefined : matches ? 'This very file' : 'Another file',
        },
        { name: 'Signer', value: signer },
        { name: 'Issuer', value: issuer },
        {
          name: 'Timestamp',
          value:
            signedAt === undefined ? (signed === 'yes' ? 'None' : undefined) : exactTime(signedAt, language),
        },
        { name: 'Kind', value: kind },
        {
          name: 'Judged',
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

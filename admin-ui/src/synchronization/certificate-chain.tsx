/** The certificates that the other side presented, the server's own first. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Facts } from '../frame/facts.tsx';
import { useTexts } from '../language/use-texts.ts';
import type { Run } from './run-looks.ts';
import { texts } from './run-texts.ts';

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    display: 'flex',
    flexDirection: 'column',
    gap: '12px',
  },
  one: { paddingLeft: '12px', borderLeft: `2px solid ${tokens.colorNeutralStroke1}` },
  pin: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, userSelect: 'all' },
});

export function CertificateChain({ chain }: { readonly chain: NonNullable<Run['chain']> }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <Accordion collapsible>
      <AccordionItem value="chain">
        <AccordionHeader size="small">{t.chainSeen}</AccordionHeader>
        <AccordionPanel>
          <ol className={styles.list}>
            {chain.map((certificate) => (
              <li key={certificate.pin} className={styles.one}>
                <Text weight="semibold">{certificate.subject}</Text>
                <Facts
                  facts={[
                    { name: t.issuedBy, value: certificate.issuer },
                    {
                      name: t.valid,
                      value: t.fromTo(certificate.validFrom.slice(0, 10), certificate.validTo.slice(0, 10)),
                    },
                    { name: t.key, value: <span className={styles.pin}>{certificate.pin}</span> },
                  ]}
                />
              </li>
            ))}
          </ol>
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}

/** Where updates come from and what its certificate has to be, or how to set it. */
import {
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { SyncOverview } from '../../../protocol/console/synchronization.ts';
import { Facts } from '../frame/facts.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  pins: { listStyleType: 'none', margin: 0, padding: 0 },
  pin: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
    userSelect: 'all',
  },
  how: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
});

interface UpstreamSectionProps {
  readonly upstream: SyncOverview['upstream'];
  readonly howTo: string;
}

export function UpstreamSection({ upstream, howTo }: UpstreamSectionProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (upstream === undefined) {
    return (
      <Section title={t.upstream}>
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t.noUpstream}</MessageBarTitle>{' '}
            <span className={styles.how}>{t.howToSet(howTo)}</span>
          </MessageBarBody>
        </MessageBar>
      </Section>
    );
  }
  return (
    <Section title={t.upstream}>
      <Facts
        facts={[
          { name: t.address, value: upstream.url },
          {
            name: t.pins,
            value: (
              <ul className={styles.pins}>
                {upstream.pins.map((pin) => (
                  <li key={pin} className={styles.pin}>
                    {pin}
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
      <Text size={200}>{t.pinsMean}</Text>
    </Section>
  );
}

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
  const styles = useStyles();
  if (upstream === undefined) {
    return (
      <Section title="Upstream server">
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>No upstream server is set.</MessageBarTitle>{' '}
            <span className={styles.how}>{howTo}</span>
          </MessageBarBody>
        </MessageBar>
      </Section>
    );
  }
  return (
    <Section title="Upstream server">
      <Facts
        facts={[
          { name: 'Address', value: upstream.url },
          {
            name: 'Pins',
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
      <Text size={200}>
        One of these keys must have issued the server’s certificate; otherwise nothing is asked and nothing is
        sent.
      </Text>
    </Section>
  );
}

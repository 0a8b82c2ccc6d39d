/** The updates approved for a computer, what needs a person first. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ComputerDetails } from '../../../protocol/console/computers.ts';
import { WhyLink } from '../explanation/why-link.tsx';
import { formatHresult } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { StateBadge } from '../states/state-badge.tsx';
import { STATES_BY_URGENCY } from '../states/update-states.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    padding: '8px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '2px 12px',
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
  },
});

export function ComputerUpdatesTab({
  computerId,
  updates,
}: {
  readonly computerId: string;
  readonly updates: ComputerDetails['updates'];
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (updates.length === 0) return <Text>{t.noUpdates}</Text>;
  const sorted = updates.toSorted(
    (a, b) => STATES_BY_URGENCY.indexOf(a.state) - STATES_BY_URGENCY.indexOf(b.state),
  );
  return (
    <ul className={styles.list}>
      {sorted.map((update) => (
        <li key={update.updateId} className={styles.row}>
          <TextLink to={`/updates?open=${update.updateId}&tab=status`}>{update.title}</TextLink>
          <span className={styles.line}>
            <StateBadge state={update.state} />
            {update.errorCode !== undefined && update.errorCode !== 0 && (
              <span>{t.error(formatHresult(update.errorCode))}</span>
            )}
            {update.changedAt !== undefined && <Time at={update.changedAt} />}
            <WhyLink computerId={computerId} updateId={update.updateId} />
          </span>
        </li>
      ))}
    </ul>
  );
}

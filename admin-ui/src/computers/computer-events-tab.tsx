/** What a computer reported, the newest first. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ComputerDetails } from '../../../protocol/console/computers.ts';
import { formatHresult } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    padding: '8px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export function ComputerEventsTab({ events }: { readonly events: ComputerDetails['events'] }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (events.length === 0) return <Text>{t.noEvents}</Text>;
  return (
    <ol className={styles.list}>
      {events.map((event) => (
        <li key={event.eventId} className={styles.row}>
          <span>{event.name}</span>
          {event.updateTitle !== undefined && <span className={styles.quiet}>{event.updateTitle}</span>}
          <span className={styles.quiet}>
            <Time at={event.at} />
            {event.hresult !== 0 && ` · ${formatHresult(event.hresult)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

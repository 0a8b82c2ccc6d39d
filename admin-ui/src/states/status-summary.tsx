/** The counts that matter in one line: icon and number each, words on hover and for screen readers. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { StatusCounts } from '../../../protocol/console/status.ts';
import { formatCount } from '../format/amounts.ts';
import { HiddenText } from '../frame/hidden-text.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';
import { STATE_LOOKS, describeCounts, occurring } from './update-states.ts';

const useStyles = makeStyles({
  root: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    whiteSpace: 'nowrap',
    overflow: 'hidden',
  },
  one: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '3px',
    fontVariantNumeric: 'tabular-nums',
    '& svg': { width: '14px', height: '14px' },
  },
  none: { color: tokens.colorNeutralForeground3 },
});

export function StatusSummary({ counts }: { readonly counts: StatusCounts }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const words = describeCounts(counts, t);
  const shown = occurring(counts).filter(({ state }) => state !== 'NotApplicable' && state !== 'Unknown');
  if (shown.length === 0)
    return (
      <span className={styles.none} title={words}>
        –
      </span>
    );
  return (
    <span className={styles.root} title={words}>
      <HiddenText>{words}</HiddenText>
      {shown.map(({ state, count }) => {
        const { icon: Icon, color } = STATE_LOOKS[state];
        return (
          <span key={state} className={styles.one} style={{ color }} aria-hidden>
            <Icon />
            {formatCount(count)}
          </span>
        );
      })}
    </span>
  );
}

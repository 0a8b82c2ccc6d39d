/** How states are shared out: a bar, and the counts in words for who does not see it. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { StatusCounts } from '../../../protocol/console/status.ts';
import { HiddenText } from '../frame/hidden-text.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';
import { STATE_LOOKS, describeCounts, occurring } from './update-states.ts';

const useStyles = makeStyles({
  bar: {
    position: 'relative',
    display: 'flex',
    gap: '1px',
    width: '100%',
    borderRadius: tokens.borderRadiusSmall,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground5,
  },
});

export function StatusBar({
  counts,
  height = 8,
}: {
  readonly counts: StatusCounts;
  readonly height?: number;
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const words = describeCounts(counts, t);
  return (
    <div className={styles.bar} style={{ height }} title={words}>
      <HiddenText>{words}</HiddenText>
      {occurring(counts).map(({ state, count }) => (
        <span
          key={state}
          style={{ flexGrow: count, flexBasis: 3, backgroundColor: STATE_LOOKS[state].fill }}
        />
      ))}
    </div>
  );
}

/** One state: icon, word, colour. */
import { makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { UpdateState } from '../../../protocol/console/status.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';
import { STATE_LOOKS } from './update-states.ts';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: '6px',
    whiteSpace: 'nowrap',
    '& svg': { width: '16px', height: '16px', flexShrink: 0 },
  },
});

export function StateBadge({ state }: { readonly state: UpdateState }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { icon: Icon, color } = STATE_LOOKS[state];
  return (
    <span className={styles.root} style={{ color }}>
      <Icon />
      {t.states[state]}
    </span>
  );
}

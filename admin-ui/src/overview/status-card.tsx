/** Approved updates over all computers: the bar, and its parts as links. */
import { Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import type { StatusCounts } from '../../../protocol/console/status.ts';
import { formatCount } from '../format/amounts.ts';
import { useTexts } from '../language/use-texts.ts';
import { STATE_LOOKS, installedShare, occurring } from '../states/update-states.ts';
import { StatusBar } from '../states/status-bar.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: '12px',
    padding: '16px 20px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    gridColumn: '1 / -1',
  },
  head: { display: 'flex', flexWrap: 'wrap', gap: '4px 16px', alignItems: 'baseline' },
  share: {
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontWeight: tokens.fontWeightSemibold,
  },
  parts: { display: 'flex', flexWrap: 'wrap', gap: '4px 8px', margin: 0, padding: 0, listStyleType: 'none' },
  part: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '6px',
    padding: '4px 8px',
    borderRadius: tokens.borderRadiusMedium,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    '& svg': { width: '16px', height: '16px' },
  },
});

export function StatusCard({ counts }: { readonly counts: StatusCounts }): ReactElement {
  const { states } = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  const share = installedShare(counts);
  return (
    <section className={styles.card} aria-label={t.status}>
      <Subtitle2 as="h2">{t.status}</Subtitle2>
      {share === undefined ? (
        <Text>{t.noReport}</Text>
      ) : (
        <>
          <span className={styles.head}>
            <span className={styles.share}>{share} %</span>
            <Text>{t.installed}</Text>
          </span>
          <StatusBar counts={counts} height={14} />
        </>
      )}
      <ul className={styles.parts}>
        {occurring(counts).map(({ state, count }) => {
          const { icon: Icon, color } = STATE_LOOKS[state];
          return (
            <li key={state}>
              <Link to={`/updates?status=${state}`} className={styles.part} style={{ color }}>
                <Icon />
                {formatCount(count)} {states[state]}
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

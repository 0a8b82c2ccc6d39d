/** A heading with figures under it; each leads to the list that it counts. */
import { Subtitle2, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import { formatCount } from '../format/amounts.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    gap: '12px',
    padding: '16px 20px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    minWidth: 0,
  },
  figures: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(120px, 1fr))',
    gap: '4px 12px',
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  figure: {
    display: 'flex',
    flexDirection: 'column',
    padding: '6px 8px',
    margin: '0 -8px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
  },
  link: {
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  number: {
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: 'tabular-nums',
    userSelect: 'text',
  },
  alarming: { color: tokens.colorPaletteRedForeground1 },
  name: { color: tokens.colorNeutralForeground2 },
});

export interface Figure {
  readonly name: string;
  readonly value: number | string;
  readonly to?: string;
  /** More than none of it calls for somebody. */
  readonly alarming?: boolean;
}

function FigureEntry({ figure }: { readonly figure: Figure }): ReactElement {
  const styles = useStyles();
  const { name, value, to, alarming = false } = figure;
  const inner = (
    <>
      <span className={mergeClasses(styles.number, alarming && value !== 0 && styles.alarming)}>
        {typeof value === 'number' ? formatCount(value) : value}
      </span>
      <span className={styles.name}>{name}</span>
    </>
  );
  if (to === undefined) return <span className={styles.figure}>{inner}</span>;
  return (
    <Link to={to} className={mergeClasses(styles.figure, styles.link)}>
      {inner}
    </Link>
  );
}

export function FigureCard({
  title,
  figures,
  children,
}: {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly children?: ReactNode;
}): ReactElement {
  const styles = useStyles();
  return (
    <section className={styles.card} aria-label={title}>
      <Subtitle2 as="h2">{title}</Subtitle2>
      {children}
      <ul className={styles.figures}>
        {figures.map((figure) => (
          <li key={figure.name}>
            <FigureEntry figure={figure} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The way from page to page: a rail at the left, a bar at the bottom where the window is narrow. */
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { NavLink } from 'react-router';
import { useTexts } from '../language/use-texts.ts';
import { NARROW, useIsNarrow } from './media.ts';
import type { Permission } from '../../../protocol/console/access.ts';
import { useSession } from '../session/session-query.ts';
import { PAGES, type Page } from './pages.ts';
import { texts, type PageName } from './texts.ts';

const useStyles = makeStyles({
  rail: {
    gridArea: 'rail',
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    padding: '8px',
    width: '200px',
    boxSizing: 'border-box',
    backgroundColor: tokens.colorNeutralBackground3,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 1000px)': { width: '56px' },
    [NARROW]: {
      width: 'auto',
      flexDirection: 'row',
      justifyContent: 'space-around',
      gap: 0,
      padding: '4px 2px',
      borderRight: 'none',
      borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  link: {
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    minHeight: '36px',
    padding: '0 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: 'none',
    fontSize: tokens.fontSizeBase300,
    ':hover': { backgroundColor: tokens.colorNeutralBackground3Hover, color: tokens.colorNeutralForeground1 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    '& svg': { width: '20px', height: '20px', flexShrink: 0 },
    [NARROW]: {
      flexDirection: 'column',
      gap: '2px',
      minHeight: '48px',
      padding: '4px 0',
      justifyContent: 'center',
      flexGrow: 1,
      flexBasis: 0,
      minWidth: 0,
    },
  },
  active: {
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    [NARROW]: { fontWeight: tokens.fontWeightRegular },
    '& svg': { color: tokens.colorBrandForeground1 },
  },
  label: {
    '@media (max-width: 1000px)': {
      position: 'absolute',
      clipPath: 'inset(50%)',
      width: '1px',
      height: '1px',
      overflow: 'hidden',
      whiteSpace: 'nowrap',
    },
    [NARROW]: {
      position: 'static',
      clipPath: 'none',
      width: 'auto',
      maxWidth: '100%',
      height: 'auto',
      fontSize: tokens.fontSizeBase100,
      textOverflow: 'ellipsis',
    },
  },
});

function RailLink({ page }: { readonly page: Page }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const isNarrow = useIsNarrow();
  const label = t.pages[page.name];
  const shortLabels: Partial<Record<PageName, string>> = t.shortPages;
  return (
    <NavLink
      to={page.path}
      end={page.path === '/'}
      title={label}
      className={({ isActive }) => mergeClasses(styles.link, isActive && styles.active)}
    >
      {({ isActive }) => {
        const Icon = isActive ? page.activeIcon : page.icon;
        return (
          <>
            <Icon />
            <span className={styles.label}>{isNarrow ? (shortLabels[page.name] ?? label) : label}</span>
          </>
        );
      }}
    </NavLink>
  );
}

export function Rail(): ReactElement {
  const session = useSession();
  const may = (needs: Permission | undefined): boolean =>
    needs === undefined || session.data?.permissions.includes(needs) === true;
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <nav className={styles.rail} aria-label={t.pagesList}>
      {PAGES.filter(({ isApart = false, needs }) => !isApart && may(needs)).map((page) => (
        <RailLink key={page.path} page={page} />
      ))}
    </nav>
  );
}

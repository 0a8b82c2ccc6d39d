/** The product, search over everything, the theme, who I am. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Link } from 'react-router';
import { useTexts } from '../language/use-texts.ts';
import { SearchEverything } from '../search/search-everything.tsx';
import { UserMenu } from '../session/user-menu.tsx';
import { Mark } from './mark.tsx';
import { NARROW } from './media.ts';
import { texts } from './texts.ts';
import { ThemeMenu } from './theme-menu.tsx';

const useStyles = makeStyles({
  root: {
    gridArea: 'top',
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    height: '48px',
    padding: '0 12px',
    backgroundColor: tokens.colorNeutralBackground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  brand: {
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    width: '180px',
    flexShrink: 0,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    borderRadius: tokens.borderRadiusMedium,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    [NARROW]: { width: 'auto' },
  },
  name: { [NARROW]: { display: 'none' } },
  search: { flexGrow: 1, maxWidth: '520px', minWidth: 0 },
  space: { flexGrow: 1, [NARROW]: { display: 'none' } },
});

export function TopBar(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <header className={styles.root}>
      <Link to="/" className={styles.brand} aria-label={t.toOverview}>
        <Mark size={24} />
        <Text weight="semibold" size={400} className={styles.name}>
          {t.product}
        </Text>
      </Link>
      <div className={styles.search}>
        <SearchEverything />
      </div>
      <div className={styles.space} />
      <ThemeMenu />
      <UserMenu />
    </header>
  );
}

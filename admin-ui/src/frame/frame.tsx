/** What stays while pages change. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { Suspense, type ReactElement } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { useLiveUpdates } from '../api/live-updates.ts';
import { useTexts } from '../language/use-texts.ts';
import { ConnectionBar } from './connection-bar.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { NARROW } from './media.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { PAGES } from './pages.ts';
import { Rail } from './rail.tsx';
import { SkeletonLines } from './skeleton-lines.tsx';
import { texts } from './texts.ts';
import { TopBar } from './top-bar.tsx';

const useStyles = makeStyles({
  root: {
    height: '100%',
    display: 'grid',
    gridTemplateAreas: '"top top" "rail main"',
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    gridTemplateRows: 'auto minmax(0, 1fr)',
    backgroundColor: tokens.colorNeutralBackground1,
    [NARROW]: {
      gridTemplateAreas: '"top" "main" "rail"',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gridTemplateRows: 'auto minmax(0, 1fr) auto',
    },
  },
  skip: {
    position: 'absolute',
    left: '8px',
    top: '-60px',
    zIndex: 10,
    padding: '8px 12px',
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    ':focus': { top: '8px' },
  },
  main: {
    gridArea: 'main',
    display: 'flex',
    flexDirection: 'column',
    minWidth: 0,
    minHeight: 0,
    outlineStyle: 'none',
  },
  waiting: { padding: '24px' },
});

export function Frame(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { pathname } = useLocation();
  useLiveUpdates();
  return (
    <div className={styles.root}>
      <a className={styles.skip} href="#main">
        {t.skipToPage}
      </a>
      <TopBar />
      <Rail />
      <main id="main" tabIndex={-1} className={styles.main}>
        <ConnectionBar />
        <ErrorBoundary key={pathname}>
          <Suspense
            fallback={
              <div className={styles.waiting}>
                <SkeletonLines count={6} label={t.loadingPage} />
              </div>
            }
          >
            <Routes>
              {PAGES.map((page) => (
                <Route key={page.path} path={page.path} element={<page.component />} />
              ))}
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}

/** A list, and beside it the panel of the row that is open. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { PANEL_COVERS } from './media.ts';

const useStyles = makeStyles({
  root: { flexGrow: 1, minHeight: 0, display: 'flex' },
  list: { flexGrow: 1, flexBasis: 0, minWidth: 0, display: 'flex', flexDirection: 'column' },
  panel: {
    width: 'min(560px, 45%)',
    flexShrink: 0,
    minHeight: 0,
    display: 'flex',
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    [PANEL_COVERS]: {
      position: 'fixed',
      top: '48px',
      right: 0,
      bottom: 0,
      width: 'min(640px, 100vw)',
      zIndex: 5,
      boxShadow: tokens.shadow28,
    },
  },
});

export function ListLayout({
  list,
  panel,
}: {
  readonly list: ReactNode;
  readonly panel: ReactNode;
}): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <div className={styles.list}>{list}</div>
      {panel !== undefined && <div className={styles.panel}>{panel}</div>}
    </div>
  );
}

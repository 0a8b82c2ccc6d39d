/** How computers are listed at an update. */
import { makeStyles, tokens } from '@fluentui/react-components';

export const useComputerRowStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '2px 12px',
    padding: '6px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  name: { flexGrow: 1, flexBasis: '160px', overflowWrap: 'anywhere' },
  /** Of a name that leads nowhere, and that people copy. */
  text: { userSelect: 'text' },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, flexBasis: '100%' },
});

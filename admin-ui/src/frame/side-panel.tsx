/** Details beside a list: a heading, tabs, what can be done. */
import {
  Button,
  Tab,
  TabList,
  Tooltip,
  makeStyles,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { usePanelCovers } from './media.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: { flexGrow: 1, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' },
  head: { display: 'flex', gap: '8px', alignItems: 'flex-start', padding: '16px 12px 8px 20px' },
  title: {
    ...typographyStyles.subtitle1,
    margin: 0,
    flexGrow: 1,
    minWidth: 0,
    overflowWrap: 'anywhere',
    outlineStyle: 'none',
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px', padding: '0 20px 8px' },
  tabs: {
    padding: '0 10px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowX: 'auto',
    flexShrink: 0,
  },
  body: { flexGrow: 1, minHeight: 0, overflowY: 'auto', padding: '16px 20px 24px' },
});

export interface PanelTab {
  readonly value: string;
  readonly label: string;
}

interface SidePanelProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly tabs: readonly PanelTab[];
  readonly tab: string;
  readonly onTab: (value: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function SidePanel({
  title,
  actions,
  tabs,
  tab,
  onTab,
  onClose,
  children,
}: SidePanelProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  const covers = usePanelCovers();
  useEffect(() => {
    // Over the list it is what the reader is at; beside it, the list keeps the keyboard.
    if (covers) heading.current?.focus();
  }, [covers]);
  return (
    <aside className={styles.root} aria-label={t.details}>
      <div className={styles.head}>
        <h2 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h2>
        <Tooltip content={t.closeHint} relationship="description">
          <Button
            appearance="subtle"
            icon={<DismissRegular />}
            aria-label={t.closeDetails}
            onClick={onClose}
          />
        </Tooltip>
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      <div className={styles.tabs}>
        <TabList size="small" selectedValue={tab} onTabSelect={(_, data) => onTab(String(data.value))}>
          {tabs.map(({ value, label }) => (
            <Tab key={value} value={value} id={`panel-tab-${value}`}>
              {label}
            </Tab>
          ))}
        </TabList>
      </div>
      {/* Scrolls, so it takes the focus. */}
      <div className={styles.body} role="tabpanel" aria-labelledby={`panel-tab-${tab}`} tabIndex={0}>
        {children}
      </div>
    </aside>
  );
}

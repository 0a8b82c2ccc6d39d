/** The upstream server, when it is asked, for what, and how it went. */
import { Tab, TabList, makeStyles, tokens } from '@fluentui/react-components';
import type { ComponentType, ReactElement } from 'react';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ReplicaNote } from '../replica/replica-note.tsx';
import { knownValue } from '../url/parameters.ts';
import { useAddress } from '../url/use-address.ts';
import { CategoriesTab } from './categories-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { NowTab } from './now-tab.tsx';
import { RevisionRulesTab } from './revision-rules-tab.tsx';
import { ScheduleTab } from './schedule-tab.tsx';
import { texts } from './texts.ts';

const TABS = ['now', 'schedule', 'categories', 'revisions', 'history'] as const;
type SyncTab = (typeof TABS)[number];

const BODIES: Readonly<Record<SyncTab, ComponentType>> = {
  now: NowTab,
  schedule: ScheduleTab,
  categories: CategoriesTab,
  revisions: RevisionRulesTab,
  history: HistoryTab,
};

const useStyles = makeStyles({
  tabs: {
    padding: '0 14px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowX: 'auto',
    flexShrink: 0,
    [NARROW]: { padding: '0 2px' },
  },
  list: { flexWrap: 'wrap' },
  body: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: '20px 24px',
    [NARROW]: { padding: '16px 12px' },
  },
});

export function SynchronizationPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { params, change } = useAddress();
  const tab = knownValue(params, 'tab', TABS, 'now');
  const Body = BODIES[tab];
  return (
    <>
      <PageHeader title={t.title} />
      <ReplicaNote says={t.replica} />
      <div className={styles.tabs}>
        <TabList
          className={styles.list}
          selectedValue={tab}
          onTabSelect={(_, { value }) => change({ tab: value === 'now' ? undefined : String(value) })}
        >
          {TABS.map((value) => (
            <Tab key={value} value={value} id={`sync-tab-${value}`}>
              {t.tabs[value]}
            </Tab>
          ))}
        </TabList>
      </div>
      <div className={styles.body} role="tabpanel" aria-labelledby={`sync-tab-${tab}`} tabIndex={0}>
        <Body />
      </div>
    </>
  );
}

/** The upstream server, when it is asked, for what, and how it went. */
import { Tab, TabList, makeStyles, tokens } from '@fluentui/react-components';
import type { ComponentType, ReactElement } from 'react';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { ReplicaNote } from '../replica/replica-note.tsx';
import { knownValue } from '../url/parameters.ts';
import { useAddress } from '../url/use-address.ts';
import { CategoriesTab } from './categories-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { NowTab } from './now-tab.tsx';
import { RevisionRulesTab } from './revision-rules-tab.tsx';
import { ScheduleTab } from './schedule-tab.tsx';

const TABS = ['now', 'schedule', 'categories', 'revisions', 'history'] as const;
type SyncTab = (typeof TABS)[number];

const SHOWN: Readonly<Record<SyncTab, { readonly label: string; readonly body: ComponentType }>> = {
  now: { label: 'Now', body: NowTab },
  schedule: { label: 'Schedule', body: ScheduleTab },
  categories: { label: 'Products and classifications', body: CategoriesTab },
  revisions: { label: 'Newer revisions', body: RevisionRulesTab },
  history: { label: 'History', body: HistoryTab },
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
  const styles = useStyles();
  const { params, change } = useAddress();
  const tab = knownValue(params, 'tab', TABS, 'now');
  const Body = SHOWN[tab].body;
  return (
    <>
      <PageHeader title="Synchronization" />
      <ReplicaNote what="Approvals, declines, groups, products and classifications are" />
      <div className={styles.tabs}>
        <TabList
          className={styles.list}
          selectedValue={tab}
          onTabSelect={(_, { value }) => change({ tab: value === 'now' ? undefined : String(value) })}
        >
          {TABS.map((value) => (
            <Tab key={value} value={value} id={`sync-tab-${value}`}>
              {SHOWN[value].label}
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

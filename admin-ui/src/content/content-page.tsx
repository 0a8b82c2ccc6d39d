/** Content: the disk, the queue, the quarantine, what is here and who signed it. */
import { Tab, TabList, makeStyles, tokens } from '@fluentui/react-components';
import { useMemo, type ReactElement } from 'react';
import { ListLayout } from '../frame/list-layout.tsx';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useAddress, type Address } from '../url/use-address.ts';
import { ContentListTab } from './content-list-tab.tsx';
import { ContentPanel } from './content-panel.tsx';
import { useContent } from './content-queries.ts';
import { CONTENT_TABS, readContentView, type ContentTab, type ContentView } from './content-url.ts';
import { NowTab } from './now-tab.tsx';
import { SignaturesTab } from './signatures-tab.tsx';
import { texts } from './texts.ts';
import { TryAll } from './try-now.tsx';

const useStyles = makeStyles({
  tabs: {
    padding: '0 14px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowX: 'auto',
    flexShrink: 0,
    [NARROW]: { padding: '0 2px' },
  },
});

export function ContentPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const address = useAddress();
  const { params, change } = address;
  const view = useMemo(() => readContentView(params), [params]);
  const labels = useTabLabels();
  return (
    <ListLayout
      list={
        <>
          <PageHeader title={t.title}>
            {(view.tab === 'queue' || view.tab === 'quarantine') && <TryAll />}
          </PageHeader>
          <div className={styles.tabs}>
            <TabList selectedValue={view.tab} onTabSelect={(_, { value }) => change(toTab(String(value)))}>
              {CONTENT_TABS.map((tab) => (
                <Tab key={tab} value={tab} id={`content-tab-${tab}`}>
                  {labels[tab]}
                </Tab>
              ))}
            </TabList>
          </div>
          <Body view={view} address={address} />
        </>
      }
      panel={
        view.open === undefined ? undefined : (
          <ContentPanel
            key={view.open}
            sha1={view.open}
            part={view.part}
            onChange={change}
            onClose={() => change({ open: undefined, part: undefined })}
          />
        )
      }
    />
  );
}

/** What narrows one list says nothing of another. */
const toTab = (tab: string): Record<string, string | undefined> => ({
  tab: tab === 'now' ? undefined : tab,
  aspect: undefined,
  verdict: undefined,
  signer: undefined,
  search: undefined,
  sort: undefined,
  open: undefined,
  part: undefined,
});

function useTabLabels(): Readonly<Record<ContentTab, string>> {
  const t = useTexts(texts);
  const content = useContent().data;
  const withCount = (word: string, files: number | undefined): string =>
    files === undefined || files === 0 ? word : t.withCount(word, files);
  return {
    ...t.tabs,
    queue: withCount(t.tabs.queue, content?.wanted.files),
    quarantine: withCount(t.tabs.quarantine, content?.quarantined.files),
  };
}

function Body({ view, address }: { readonly view: ContentView; readonly address: Address }): ReactElement {
  const { tab } = view;
  if (tab === 'now') return <NowTab />;
  if (tab === 'signatures') return <SignaturesTab />;
  return <ContentListTab key={tab} tab={tab} view={view} address={address} />;
}

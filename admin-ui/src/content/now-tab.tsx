/** How content stands: room on the disk, what is arriving, what is next, and what is wrong. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { ArchiveRegular } from '@fluentui/react-icons/svg/archive';
import type { ReactElement } from 'react';
import type { ContentOverview } from '../../../protocol/console/content.ts';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { LinkButton } from '../frame/link-button.tsx';
import { NARROW } from '../frame/media.ts';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ArrivingList } from './arriving-list.tsx';
import { useArrivingContent, useContent } from './content-queries.ts';
import { DiskSection } from './disk-section.tsx';
import { NextFiles } from './next-files.tsx';
import { StalledNote } from './stalled-note.tsx';
import { texts } from './texts.ts';
import { TryAll } from './try-now.tsx';

const useStyles = makeStyles({
  body: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: '20px 24px',
    [NARROW]: { padding: '16px 12px' },
  },
  inner: { display: 'flex', flexDirection: 'column', maxWidth: '880px' },
  note: { marginBottom: '20px', ':empty': { display: 'none' } },
  quiet: { color: tokens.colorNeutralForeground3 },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
});

export function NowTab(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const content = useContent();
  return (
    <div className={styles.body} role="tabpanel" aria-labelledby="content-tab-now" tabIndex={0}>
      {content.isPending && <SkeletonLines count={10} label={t.readingNow} />}
      {content.isError && (
        <Failure what={t.nowNotRead} error={content.error} onRetry={() => void content.refetch()} />
      )}
      {content.data !== undefined && <Now content={content.data} />}
    </div>
  );
}

function Now({ content }: { readonly content: ContentOverview }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const arriving = useArrivingContent();
  if (content.store === 'none' && content.present.files === 0) {
    return <Empty icon={<ArchiveRegular />} title={t.noContent} text={t.noContentHint} />;
  }
  const items = arriving.data?.items ?? [];
  const isArriving = items.some((file) => file.isArriving);
  return (
    <div className={styles.inner}>
      <div className={styles.note}>
        <StalledNote content={content} isArriving={arriving.isPending || isArriving} />
      </div>
      <DiskSection content={content} />
      <Section title={t.arriving}>
        {arriving.isError && (
          <Failure what={t.arrivingNotRead} error={arriving.error} onRetry={() => void arriving.refetch()} />
        )}
        <ArrivingList items={items} />
      </Section>
      <Section title={t.next}>
        <NextFiles content={content} />
        <div className={styles.actions}>
          {content.wanted.files > 0 && <LinkButton to="/content?tab=queue">{t.wholeQueue}</LinkButton>}
          {content.laterFiles > 0 && <TryAll />}
        </div>
      </Section>
      <Section title={t.sources}>
        <Text>{t.sourcesAre(content.sources)}</Text>
        <Text className={styles.quiet}>{content.fetch === 'on-request' ? t.onRequest : t.atApproval}</Text>
      </Section>
    </div>
  );
}

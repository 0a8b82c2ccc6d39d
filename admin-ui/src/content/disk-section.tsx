/** Room: what is here, what approvals need, what is to come, and what the disk and the quota leave. */
import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentOverview } from '../../../protocol/console/content.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts, type ContentTexts } from './texts.ts';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    height: '12px',
    borderRadius: tokens.borderRadiusMedium,
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground5,
  },
  legend: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '4px 20px',
    listStyleType: 'none',
    margin: '0 0 8px',
    padding: 0,
    fontVariantNumeric: 'tabular-nums',
  },
  entry: { display: 'inline-flex', alignItems: 'center', gap: '6px' },
  patch: {
    width: '10px',
    height: '10px',
    borderRadius: '2px',
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    boxSizing: 'border-box',
  },
});

interface Share {
  readonly name: string;
  readonly bytes: number;
  readonly color: string;
}

/** Bytes that are still to come of what is wanted. */
export const comingBytes = ({ wanted, receivedBytes }: ContentOverview): number =>
  Math.max(0, wanted.bytes - receivedBytes);

/** What fits: in the quota where there is one, else on the disk beside what is here. */
const roomOf = ({ disk, present }: ContentOverview): number =>
  Math.min(disk.quotaBytes ?? Infinity, present.bytes + Math.max(0, disk.freeBytes - disk.reservedBytes));

function sharesOf(content: ContentOverview, t: ContentTexts): Share[] {
  const { needed, present } = content;
  const coming = comingBytes(content);
  const left = roomOf(content) - present.bytes - coming;
  return [
    { name: t.hereNeeded, bytes: needed.presentBytes, color: tokens.colorBrandBackground },
    {
      name: t.hereUnneeded,
      bytes: Math.max(0, present.bytes - needed.presentBytes),
      color: tokens.colorPaletteTealBorderActive,
    },
    { name: t.toCome, bytes: coming, color: tokens.colorPaletteMarigoldBackground3 },
    { name: t.roomLeft, bytes: Math.max(0, left), color: tokens.colorNeutralBackground5 },
  ];
}

export function DiskSection({ content }: { readonly content: ContentOverview }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { disk, needed, present, quarantined, lastReceivedAt } = content;
  const coming = comingBytes(content);
  const shares = sharesOf(content, t);
  const total = shares.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Section title={t.disk}>
      <Shortage content={content} />
      <div className={styles.bar} aria-hidden>
        {shares.map(({ name, bytes, color }) => (
          <span
            key={name}
            style={{ backgroundColor: color, width: `${total === 0 ? 0 : (100 * bytes) / total}%` }}
          />
        ))}
      </div>
      <ul className={styles.legend}>
        {shares.map(({ name, bytes, color }) => (
          <li key={name} className={styles.entry}>
            <span className={styles.patch} style={{ backgroundColor: color }} aria-hidden />
            {t.shareOf(bytes, name)}
          </li>
        ))}
      </ul>
      <Facts
        facts={[
          { name: t.diskFacts.here, value: t.bytesIn(present.bytes, present.files) },
          {
            name: t.diskFacts.needed,
            value: t.neededIn(needed.bytes, needed.files, needed.presentBytes),
          },
          {
            name: t.diskFacts.toCome,
            value: t.bytesOf(coming, content.wanted.files),
          },
          {
            name: t.diskFacts.quarantined,
            value: quarantined.files === 0 ? undefined : t.files(quarantined.files),
          },
          {
            name: t.diskFacts.quota,
            value:
              disk.quotaBytes === undefined
                ? t.noQuota
                : t.quota(disk.quotaBytes, Math.max(0, disk.quotaBytes - present.bytes)),
          },
          {
            name: t.diskFacts.free,
            value: t.free(disk.freeBytes, disk.folder, disk.reservedBytes),
          },
          {
            name: t.diskFacts.last,
            value: lastReceivedAt === undefined ? t.noneCame : <Time at={lastReceivedAt} />,
          },
        ]}
      />
    </Section>
  );
}

/** What will not fit, and what to do. */
function Shortage({ content }: { readonly content: ContentOverview }): ReactElement | null {
  const t = useTexts(texts);
  const { disk, needed } = content;
  const overQuota = disk.quotaBytes === undefined ? 0 : needed.bytes - disk.quotaBytes;
  const overDisk = comingBytes(content) - Math.max(0, disk.freeBytes - disk.reservedBytes);
  const text = overQuota > 0 ? t.overQuota(overQuota) : overDisk > 0 ? t.overDisk(overDisk) : undefined;
  if (text === undefined) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}

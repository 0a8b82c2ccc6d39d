/** Room: what is here, what approvals need, what is to come, and what the disk and the quota leave. */
import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentOverview } from '../../../protocol/console/content.ts';
import { countOf, formatBytes } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { Section } from '../frame/section.tsx';

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

function sharesOf(content: ContentOverview): Share[] {
  const { needed, present } = content;
  const coming = comingBytes(content);
  const left = roomOf(content) - present.bytes - coming;
  return [
    { name: 'here, needed by approvals', bytes: needed.presentBytes, color: tokens.colorBrandBackground },
    {
      name: 'here, needed by none',
      bytes: Math.max(0, present.bytes - needed.presentBytes),
      color: tokens.colorPaletteTealBorderActive,
    },
    { name: 'to come', bytes: coming, color: tokens.colorPaletteMarigoldBackground3 },
    { name: 'room left', bytes: Math.max(0, left), color: tokens.colorNeutralBackground5 },
  ];
}

export function DiskSection({ content }: { readonly content: ContentOverview }): ReactElement {
  const styles = useStyles();
  const { disk, needed, present, quarantined, lastReceivedAt } = content;
  const coming = comingBytes(content);
  const shares = sharesOf(content);
  const total = shares.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Section title="Disk">
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
            {formatBytes(bytes)} {name}
          </li>
        ))}
      </ul>
      <Facts
        facts={[
          { name: 'Here', value: `${formatBytes(present.bytes)} in ${countOf(present.files, 'file')}` },
          {
            name: 'Approvals need',
            value: `${formatBytes(needed.bytes)} in ${countOf(needed.files, 'file')}, of which ${formatBytes(needed.presentBytes)} are here`,
          },
          {
            name: 'To come',
            value: `${formatBytes(coming)} of ${countOf(content.wanted.files, 'file')}`,
          },
          {
            name: 'In quarantine',
            value: quarantined.files === 0 ? undefined : countOf(quarantined.files, 'file'),
          },
          {
            name: 'Quota',
            value:
              disk.quotaBytes === undefined
                ? 'None (content.quota)'
                : `${formatBytes(disk.quotaBytes)}, ${formatBytes(Math.max(0, disk.quotaBytes - present.bytes))} left`,
          },
          {
            name: 'Free on the disk',
            value: `${formatBytes(disk.freeBytes)} of ${disk.folder}; ${formatBytes(disk.reservedBytes)} are left for the database`,
          },
          {
            name: 'Last file came',
            value: lastReceivedAt === undefined ? 'None did yet' : <Time at={lastReceivedAt} />,
          },
        ]}
      />
    </Section>
  );
}

/** What will not fit, and what to do. */
function Shortage({ content }: { readonly content: ContentOverview }): ReactElement | null {
  const { disk, needed } = content;
  const overQuota = disk.quotaBytes === undefined ? 0 : needed.bytes - disk.quotaBytes;
  const overDisk = comingBytes(content) - Math.max(0, disk.freeBytes - disk.reservedBytes);
  const text =
    overQuota > 0
      ? `Approvals need ${formatBytes(overQuota)} more than content.quota lets in, and what they need is never deleted. Raise the quota, or take approvals back.`
      : overDisk > 0
        ? `The disk has ${formatBytes(overDisk)} too little for what is to come. Make room, or move dataDirectory to a larger disk.`
        : undefined;
  if (text === undefined) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}

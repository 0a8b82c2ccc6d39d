/** What each risk is called, and where it is mended; what to do stands in the text that the relay gives. */
import type { Overview } from '../../../protocol/console/overview.ts';

export type RiskCode = Overview['risks'][number]['code'];

export interface Remedy {
  readonly name: string;
  /** Added to the relay's own text. */
  readonly note?: string;
  readonly link?: { readonly to: string; readonly label: string };
}

export const REMEDIES: Readonly<Record<RiskCode, Remedy>> = {
  PLAIN_HTTP: { name: 'Plain HTTP' },
  NO_UPSTREAM: {
    name: 'No upstream server',
    link: { to: '/synchronization', label: 'Go to synchronization' },
  },
  NOTHING_CHOSEN: {
    name: 'Nothing is chosen',
    link: { to: '/synchronization?tab=categories', label: 'Choose' },
  },
  CERTIFICATE_EXPIRES: {
    name: 'Certificate near its end',
    note: 'Computers and downstream servers refuse one that has ended.',
  },
  CONTENT_QUARANTINED: {
    name: 'Files in quarantine',
    link: { to: '/content?tab=quarantine', label: 'See what was found' },
  },
  DISK_NEARLY_FULL: {
    name: 'Disk nearly full',
    link: { to: '/content', label: 'See what takes the room' },
  },
  SYNC_FAILED: {
    name: 'Synchronization failed',
    note: 'The catalogue of before still serves.',
    link: { to: '/synchronization?tab=history', label: 'See the history' },
  },
  AUDIT_LOG_ALTERED: {
    name: 'Audit log not verified',
    link: { to: '/audit', label: 'See the audit log' },
  },
};

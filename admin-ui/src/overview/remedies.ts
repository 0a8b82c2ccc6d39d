/** Where each risk is mended; what it is called and what to do is in `texts.ts`, or in the text that the relay gives. */
import type { Overview } from '../../../protocol/console/overview.ts';

export type RiskCode = Overview['risks'][number]['code'];

export const REMEDIES: Readonly<Partial<Record<RiskCode, string>>> = {
  NO_UPSTREAM: '/synchronization',
  NOTHING_CHOSEN: '/synchronization?tab=categories',
  CONTENT_QUARANTINED: '/content?tab=quarantine',
  DISK_NEARLY_FULL: '/content',
  SYNC_FAILED: '/synchronization?tab=history',
  AUDIT_LOG_ALTERED: '/audit',
};

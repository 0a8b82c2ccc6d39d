/** SummarizationState ([MS-WSUSSS] 3.1.4.17.3.4): how servers number the states of updates. */
import type { UpdateState } from '../../../protocol/console/status.ts';

/** By number. */
const STATES: readonly UpdateState[] = [
  'Unknown',
  'NotApplicable',
  'NotInstalled',
  'Downloaded',
  'Installed',
  'Failed',
  'InstalledPendingReboot',
];

export const stateOf = (summarization: number): UpdateState => STATES[summarization] ?? 'Unknown';

/** An expression of SQL: the number of what the column `state` names. */
export const SUMMARIZATION = `CASE state ${STATES.map((name, number) => `WHEN '${name}' THEN ${number}`).join(' ')} END`;

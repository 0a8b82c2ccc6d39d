/** Names of the groups that are built in: by themselves, since the search over everything has them without the page. */
import { ALL_COMPUTERS, UNASSIGNED_COMPUTERS } from './well-known-groups.ts';

const en = { [ALL_COMPUTERS]: 'All Computers', [UNASSIGNED_COMPUTERS]: 'Unassigned Computers' };
const ko: typeof en = { [ALL_COMPUTERS]: '모든 컴퓨터', [UNASSIGNED_COMPUTERS]: '할당되지 않은 컴퓨터' };

export const texts = { en, ko };

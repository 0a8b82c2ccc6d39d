/** What groups get of the updates as things are, in one line each. */
import type { DecisionPreview } from '../../../protocol/console/approvals.ts';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { ACTION_WORDS, actionWord } from '../states/approval-looks.ts';

type Group = UpdateDetails['groups'][number];
/** Of an update, what its groups get. */
type Decided = Pick<UpdateDetails, 'groups'>;
/** Of a preview, what would change. */
interface Changes {
  readonly updates: readonly Pick<DecisionPreview['updates'][number], 'changes'>[];
}

function describe(group: Group, names: ReadonlyMap<string, string>): string {
  const word = ACTION_WORDS[group.effective];
  if (group.own !== undefined) return `${word}, set here`;
  if (group.inheritedFromGroupId === undefined) return word;
  return `${word}, from ${names.get(group.inheritedFromGroupId) ?? 'above'}`;
}

/** `Differs among the updates` where they do not agree; empty while nothing is known. */
export function presentState(updates: readonly Decided[], groupId: string): string {
  const states = new Set<string>();
  for (const { groups } of updates) {
    const names = new Map(groups.map((group) => [group.groupId, group.groupName]));
    const group = groups.find((one) => one.groupId === groupId);
    if (group !== undefined) states.add(describe(group, names));
  }
  if (states.size > 1) return 'Differs among the updates';
  return [...states][0] ?? '';
}

/** What the group would get, in words; undefined where nothing would change for it. */
export function stateAfter(preview: Changes | undefined, groupId: string): string | undefined {
  const after = new Set<string>();
  for (const { changes } of preview?.updates ?? []) {
    for (const change of changes) if (change.groupId === groupId) after.add(actionWord(change.after));
  }
  return after.size === 0 ? undefined : [...after].join(' or ');
}

/** Groups with a decision of their own on any of the updates. */
export function decidedGroups(updates: readonly Decided[]): ReadonlySet<string> {
  return new Set(
    updates.flatMap(({ groups }) =>
      groups.filter(({ own }) => own !== undefined).map(({ groupId }) => groupId),
    ),
  );
}

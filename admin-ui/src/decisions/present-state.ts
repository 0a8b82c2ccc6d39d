/** What groups get of the updates as things are, in one line each. */
import type { DecisionPreview } from '../../../protocol/console/approvals.ts';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import type { NameOfGroup } from '../groups/group-name.ts';
import { decisionWord } from '../states/approval-looks.ts';
import type { StateTexts } from '../states/texts.ts';
import type { DecisionTexts } from './texts.ts';

type Group = UpdateDetails['groups'][number];
/** Of an update, what its groups get. */
type Decided = Pick<UpdateDetails, 'groups'>;
/** Of a preview, what would change. */
interface Changes {
  readonly updates: readonly Pick<DecisionPreview['updates'][number], 'changes'>[];
}

interface Words {
  readonly nameOf: NameOfGroup;
  readonly decisions: Pick<DecisionTexts, 'setHere' | 'from' | 'above' | 'differs' | 'either'>;
  readonly states: StateTexts;
}

function describe(group: Group, names: ReadonlyMap<string, string>, { decisions: t, states }: Words): string {
  const word = states.actions[group.effective];
  if (group.own !== undefined) return t.setHere(word);
  if (group.inheritedFromGroupId === undefined) return word;
  return t.from(word, names.get(group.inheritedFromGroupId) ?? t.above);
}

/** `Differs among the updates` where they do not agree; empty while nothing is known. */
export function presentState(updates: readonly Decided[], groupId: string, words: Words): string {
  const states = new Set<string>();
  for (const { groups } of updates) {
    const names = new Map(groups.map(({ groupId: id, groupName }) => [id, words.nameOf(id, groupName)]));
    const group = groups.find((one) => one.groupId === groupId);
    if (group !== undefined) states.add(describe(group, names, words));
  }
  if (states.size > 1) return words.decisions.differs;
  return [...states][0] ?? '';
}

/** What the group would get, in words; undefined where nothing would change for it. */
export function stateAfter(preview: Changes | undefined, groupId: string, words: Words): string | undefined {
  const after = new Set<string>();
  for (const { changes } of preview?.updates ?? []) {
    for (const change of changes)
      if (change.groupId === groupId) after.add(decisionWord(change.after, words.states));
  }
  return after.size === 0 ? undefined : words.decisions.either([...after]);
}

/** Groups with a decision of their own on any of the updates. */
export function decidedGroups(updates: readonly Decided[]): ReadonlySet<string> {
  return new Set(
    updates.flatMap(({ groups }) =>
      groups.filter(({ own }) => own !== undefined).map(({ groupId }) => groupId),
    ),
  );
}

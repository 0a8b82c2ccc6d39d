/** What each group gets of an update and how far it is, then each computer, here and below. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { z } from 'zod';
import type { UpdateState } from '../../../protocol/console/status.ts';
import type { GroupApproval, UpdateDetails } from '../../../protocol/console/updates.ts';
import { Time } from '../format/time.tsx';
import { Section } from '../frame/section.tsx';
import { useGroupName } from '../groups/group-name.ts';
import { useTexts } from '../language/use-texts.ts';
import { StatusBar } from '../states/status-bar.tsx';
import { texts as ruleTexts, type RuleTexts } from '../rules/texts.ts';
import { texts as stateTexts } from '../states/texts.ts';
import { describeCounts } from '../states/update-states.ts';
import { buildTree, flatten } from '../tree/tree.ts';
import { texts, type UpdateTexts } from './texts.ts';
import { UpdateBelow } from './update-below.tsx';
import { UpdateComputers } from './update-computers.tsx';

type Group = z.infer<typeof GroupApproval>;

const useStyles = makeStyles({
  groups: { listStyleType: 'none', margin: 0, padding: 0 },
  group: {
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    padding: '8px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  line: { display: 'flex', flexWrap: 'wrap', gap: '2px 12px', alignItems: 'baseline' },
  name: { flexGrow: 1 },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

function why(
  group: Group,
  names: ReadonlyMap<string, string>,
  t: UpdateTexts,
  { setByRule }: Pick<RuleTexts, 'setByRule'>,
): string {
  if (group.own?.rule !== undefined) return setByRule(group.own.rule.name, group.own.rule.version);
  if (group.own !== undefined) return t.setBy(group.own.adminName);
  if (group.inheritedFromGroupId === undefined) return t.nothingSet;
  return t.inheritedFrom(names.get(group.inheritedFromGroupId) ?? t.groupAbove);
}

function GroupEntry({
  group,
  depth,
  names,
}: {
  readonly group: Group;
  readonly depth: number;
  readonly names: ReadonlyMap<string, string>;
}): ReactElement {
  const nameOf = useGroupName();
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const ruleWords = useTexts(ruleTexts);
  const styles = useStyles();
  return (
    <li className={styles.group} style={{ paddingLeft: depth * 16 }}>
      <span className={styles.line}>
        <Text weight="semibold" className={styles.name}>
          {nameOf(group.groupId, group.groupName)}
        </Text>
        <Text>{stateWords.actions[group.effective]}</Text>
      </span>
      <span className={styles.quiet}>
        {why(group, names, t, ruleWords)}
        {group.effectiveDeadline !== undefined && (
          <>
            {' '}
            · {t.deadline} <Time at={group.effectiveDeadline} />
          </>
        )}{' '}
        · {t.computersIn(group.computers)}
        {group.computers > 0 && ` · ${describeCounts(group.status, stateWords)}`}
      </span>
      {group.computers > 0 && <StatusBar counts={group.status} height={6} />}
    </li>
  );
}

interface UpdateStatusTabProps {
  readonly update: UpdateDetails;
  readonly state: UpdateState | undefined;
  readonly onState: (state: UpdateState | undefined) => void;
}

export function UpdateStatusTab({ update, state, onState }: UpdateStatusTabProps): ReactElement {
  const nameOf = useGroupName();
  const t = useTexts(texts);
  const styles = useStyles();
  const names = new Map(
    update.groups.map((group) => [group.groupId, nameOf(group.groupId, group.groupName)]),
  );
  const tree = flatten(buildTree(update.groups, (group) => group.groupId));
  return (
    <>
      <Section as="h3" title={t.groups}>
        <ul className={styles.groups}>
          {tree.map(({ item, depth }) => (
            <GroupEntry key={item.groupId} group={item} depth={depth} names={names} />
          ))}
        </ul>
      </Section>
      <Section as="h3" title={t.computers}>
        <UpdateComputers updateId={update.updateId} state={state} onState={onState} />
      </Section>
      <UpdateBelow updateId={update.updateId} />
    </>
  );
}

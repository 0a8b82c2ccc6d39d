/** Who did something: the kind by its shape, the name by its word. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { ArrowRoutingRegular } from '@fluentui/react-icons/svg/arrow-routing';
import { BotRegular } from '@fluentui/react-icons/svg/bot';
import { KeyRegular } from '@fluentui/react-icons/svg/key';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { ServerRegular } from '@fluentui/react-icons/svg/server';
import { WindowConsoleRegular } from '@fluentui/react-icons/svg/window-console';
import type { ComponentType, ReactElement } from 'react';
import type { AuditActorKind, AuditEntrySummary } from '../../../protocol/console/audit.ts';
import { HiddenText } from '../frame/hidden-text.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const ICONS: Readonly<Record<AuditActorKind, ComponentType>> = {
  user: PersonRegular,
  token: KeyRegular,
  command: WindowConsoleRegular,
  rule: BotRegular,
  rollout: ArrowRoutingRegular,
  system: ServerRegular,
};

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: '6px',
    minWidth: 0,
    maxWidth: '100%',
  },
  icon: { display: 'inline-flex', flexShrink: 0, fontSize: '16px', color: tokens.colorNeutralForeground3 },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

export function Actor({
  actor: { kind, name },
}: {
  readonly actor: AuditEntrySummary['actor'];
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const Icon = ICONS[kind];
  return (
    <span className={styles.root} title={`${name} (${t.actorKinds[kind]})`}>
      <span className={styles.icon} aria-hidden>
        <Icon />
      </span>
      <HiddenText>{`${t.actorKinds[kind]} `}</HiddenText>
      <span className={styles.name}>{name}</span>
    </span>
  );
}

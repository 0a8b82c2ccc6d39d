/** How a downstream server is, by icon, word and colour; what it means is the sentence. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle';
import { WarningRegular } from '@fluentui/react-icons/svg/warning';
import type { ComponentType, ReactElement } from 'react';
import type { DownstreamServer, ServerHealth } from '../../../protocol/console/downstream.ts';

const useStyles = makeStyles({
  root: { display: 'flex', gap: '6px', alignItems: 'flex-start' },
  icon: { flexShrink: 0, lineHeight: 0, paddingTop: '2px', '& svg': { width: '16px', height: '16px' } },
  word: { fontWeight: tokens.fontWeightSemibold },
});

const LOOKS: Readonly<Record<ServerHealth, { word: string; icon: ComponentType; color: string }>> = {
  well: { word: 'Well', icon: CheckmarkCircleRegular, color: tokens.colorStatusSuccessForeground1 },
  behind: { word: 'Behind', icon: WarningRegular, color: tokens.colorStatusWarningForeground3 },
  silent: { word: 'Silent', icon: WarningRegular, color: tokens.colorStatusDangerForeground1 },
  unreported: { word: 'Not reported', icon: QuestionCircleRegular, color: tokens.colorNeutralForeground3 },
};

export function ServerHealthNote({ server }: { readonly server: DownstreamServer }): ReactElement {
  const styles = useStyles();
  const { word, icon: Icon, color } = LOOKS[server.health];
  return (
    <div className={styles.root}>
      <span className={styles.icon} style={{ color }} aria-hidden>
        <Icon />
      </span>
      <span>
        <span className={styles.word} style={{ color }}>
          {word}.
        </span>{' '}
        {server.healthText}
      </span>
    </div>
  );
}

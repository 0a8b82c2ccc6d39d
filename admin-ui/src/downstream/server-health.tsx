/** How a downstream server is, by icon, word and colour; what it means is the sentence. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle';
import { WarningRegular } from '@fluentui/react-icons/svg/warning';
import type { ComponentType, ReactElement } from 'react';
import type { DownstreamServer, ServerHealth } from '../../../protocol/console/downstream.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: { display: 'flex', gap: '6px', alignItems: 'flex-start' },
  icon: { flexShrink: 0, lineHeight: 0, paddingTop: '2px', '& svg': { width: '16px', height: '16px' } },
  word: { fontWeight: tokens.fontWeightSemibold },
});

const LOOKS: Readonly<Record<ServerHealth, { icon: ComponentType; color: string }>> = {
  well: { icon: CheckmarkCircleRegular, color: tokens.colorStatusSuccessForeground1 },
  behind: { icon: WarningRegular, color: tokens.colorStatusWarningForeground3 },
  silent: { icon: WarningRegular, color: tokens.colorStatusDangerForeground1 },
  unreported: { icon: QuestionCircleRegular, color: tokens.colorNeutralForeground3 },
};

export function ServerHealthNote({ server }: { readonly server: DownstreamServer }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { icon: Icon, color } = LOOKS[server.health];
  return (
    <div className={styles.root}>
      <span className={styles.icon} style={{ color }} aria-hidden>
        <Icon />
      </span>
      <span>
        <span className={styles.word} style={{ color }}>
          {t.health[server.health]}.
        </span>{' '}
        {t.healthMeans[server.health](server.healthText)}
      </span>
    </div>
  );
}

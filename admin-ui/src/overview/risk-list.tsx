/** What is not as safe as it could be, with what mends it. */
import {
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Overview } from '../../../protocol/console/overview.ts';
import { LinkButton } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { REMEDIES } from './remedies.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    marginBottom: '20px',
    listStyleType: 'none',
    padding: 0,
    margin: 0,
  },
});

export function RiskList({ risks }: { readonly risks: Overview['risks'] }): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  if (risks.length === 0) return null;
  return (
    <ul className={styles.root} aria-label={t.riskList}>
      {risks.map(({ code, text }) => {
        const risk = t.risks[code];
        const to = REMEDIES[code];
        return (
          <li key={`${code} ${text}`}>
            <MessageBar intent={code === 'SYNC_FAILED' ? 'error' : 'warning'} layout="multiline">
              <MessageBarBody>
                <MessageBarTitle>{risk.name}.</MessageBarTitle> {risk.text(text)} {risk.note}
              </MessageBarBody>
              {to !== undefined && (
                <MessageBarActions>
                  <LinkButton to={to}>{risk.link}</LinkButton>
                </MessageBarActions>
              )}
            </MessageBar>
          </li>
        );
      })}
    </ul>
  );
}

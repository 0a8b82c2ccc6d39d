/** What is said of a signature: icon, word, colour. */
import { makeStyles, tokens } from '@fluentui/react-components';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons/svg/shield-checkmark';
import { ShieldErrorRegular } from '@fluentui/react-icons/svg/shield-error';
import { ShieldQuestionRegular } from '@fluentui/react-icons/svg/shield-question';
import type { ComponentType, ReactElement } from 'react';
import type { SignatureVerdict } from '../../../protocol/console/content.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: '6px',
    '& svg': { width: '16px', height: '16px', flexShrink: 0 },
  },
});

/** Without a signature there is nothing to doubt. */
const NOTHING_TO_READ: ReadonlySet<SignatureVerdict> = new Set(['NOT_SIGNED', 'UNSUPPORTED']);

function lookOf(verdict: SignatureVerdict): { readonly icon: ComponentType; readonly color: string } {
  if (verdict === 'TRUSTED')
    return { icon: ShieldCheckmarkRegular, color: tokens.colorPaletteGreenForeground1 };
  if (NOTHING_TO_READ.has(verdict))
    return { icon: ShieldQuestionRegular, color: tokens.colorNeutralForeground2 };
  return { icon: ShieldErrorRegular, color: tokens.colorPaletteDarkOrangeForeground1 };
}

export function VerdictBadge({ verdict }: { readonly verdict: SignatureVerdict }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { icon: Icon, color } = lookOf(verdict);
  return (
    <span className={styles.root} style={{ color }} title={verdict}>
      <Icon />
      {t.verdicts[verdict].word}
    </span>
  );
}

/** MSRC severity: a word with a mark that grows with it. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const LEVELS: Readonly<Record<string, { readonly bars: number; readonly color: string }>> = {
  Critical: { bars: 4, color: tokens.colorPaletteRedForeground1 },
  Important: { bars: 3, color: tokens.colorPaletteDarkOrangeForeground1 },
  Moderate: { bars: 2, color: tokens.colorNeutralForeground2 },
  Low: { bars: 1, color: tokens.colorNeutralForeground2 },
};

const useStyles = makeStyles({
  root: {
    verticalAlign: 'middle',
    display: 'inline-flex',
    alignItems: 'center',
    gap: '6px',
    whiteSpace: 'nowrap',
  },
  mark: { display: 'inline-flex', alignItems: 'flex-end', gap: '1px', height: '12px' },
  none: { color: tokens.colorNeutralForeground3 },
});

export function Severity({ severity }: { readonly severity: string | undefined }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (severity === undefined) return <span className={styles.none}>–</span>;
  const { bars, color } = LEVELS[severity] ?? { bars: 1, color: tokens.colorNeutralForeground2 };
  return (
    <span className={styles.root} style={{ color }}>
      <span className={styles.mark} aria-hidden>
        {[1, 2, 3, 4].map((bar) => (
          <span
            key={bar}
            style={{
              width: 3,
              height: bar * 3,
              backgroundColor: bar <= bars ? color : tokens.colorNeutralStroke2,
            }}
          />
        ))}
      </span>
      {t.severities[severity] ?? severity}
    </span>
  );
}

/** Several ticks under one label. A field would give each tick the label's name in place of its own. */
import { Label, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useId, type ReactElement, type ReactNode } from 'react';

const useStyles = makeStyles({
  root: { border: 'none', margin: 0, padding: 0, minWidth: 0 },
  problem: { color: tokens.colorPaletteRedForeground1, fontSize: tokens.fontSizeBase200 },
});

interface TicksFieldProps {
  readonly label: string;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}

export function TicksField({ label, problem, children }: TicksFieldProps): ReactElement {
  const styles = useStyles();
  const id = useId();
  return (
    <fieldset className={styles.root} aria-labelledby={id}>
      <Label id={id}>{label}</Label>
      {children}
      {problem !== undefined && (
        <Text block role="alert" className={styles.problem}>
          {problem}
        </Text>
      )}
    </fieldset>
  );
}

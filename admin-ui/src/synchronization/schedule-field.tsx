/** A field of the plan: with the sentence of what is amiss with it, where something is. */
import { Field, makeStyles } from '@fluentui/react-components';
import type { FieldProps } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { FieldProblems } from './schedule-draft.ts';

const useStyles = makeStyles({
  root: { flexGrow: 1, flexBasis: '180px', minWidth: 0, maxWidth: '320px' },
});

interface ScheduleFieldProps extends FieldProps {
  /** `main.count`, `pauseWindows.0.from`. */
  readonly path: string;
  readonly problems: FieldProblems;
}

export function ScheduleField({ path, problems, ...props }: ScheduleFieldProps): ReactElement {
  const styles = useStyles();
  const problem = problems.get(path);
  return (
    <Field
      className={styles.root}
      {...props}
      {...(problem !== undefined && { validationState: 'error' as const, validationMessage: problem })}
    />
  );
}

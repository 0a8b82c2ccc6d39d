/** Somebody else saved the schedule while it was edited here: what is another by now, and whose counts. */
import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { SchedulePlanBody } from '../../../protocol/console/schedule.ts';
import { useTexts } from '../language/use-texts.ts';
import { changesBetween } from './schedule-changes.ts';
import { useCategories } from './synchronization-queries.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  changes: { margin: '4px 0', paddingLeft: '20px', overflowWrap: 'anywhere' },
});

interface ScheduleConflictProps {
  /** What the edit began with. */
  readonly base: SchedulePlanBody;
  /** What is followed now. */
  readonly saved: SchedulePlanBody;
  readonly onDiscard: () => void;
  /** From here on the edit replaces what is followed now. */
  readonly onKeep: () => void;
}

export function ScheduleConflict({ base, saved, onDiscard, onKeep }: ScheduleConflictProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const categories = useCategories();
  const titles = new Map(categories.data?.classifications.map(({ updateId, title }) => [updateId, title]));
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t.conflict}</MessageBarTitle> {t.conflictMeans}
        <ul className={styles.changes}>
          {changesBetween(base, saved, (updateId) => titles.get(updateId) ?? updateId, t).map(
            ({ part, before, after }) => (
              <li key={part}>
                {part}: <b>{after}</b> {t.was(before)}
              </li>
            ),
          )}
        </ul>
      </MessageBarBody>
      <MessageBarActions>
        <Button onClick={onDiscard}>{t.discardMine}</Button>
        <Button onClick={onKeep}>{t.keepMine}</Button>
      </MessageBarActions>
    </MessageBar>
  );
}

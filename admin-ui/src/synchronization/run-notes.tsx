/** What there is to say of a run beside how it went: why it began when it did, and what came due while it was on. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { RunNote } from '../../../protocol/console/schedule.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts, type RunTexts } from './run-texts.ts';

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground3 } });

function sentenceOf(note: RunNote, { notes, decisions }: Pick<RunTexts, 'notes' | 'decisions'>): string {
  switch (note.kind) {
    case 'missed':
      return note.count === 1
        ? notes.missedOne(note.lastDueAt)
        : notes.missed(note.count, note.firstDueAt, note.lastDueAt);
    case 'paused':
      return note.count === 1 ? notes.pausedOne(note.dueAt) : notes.paused(note.count, note.dueAt);
    case 'waited':
      return notes.waited(note.dueAt);
    case 'cancelled':
      return note.count === 1 ? notes.cancelledOne(note.dueAt) : notes.cancelled(note.count, note.dueAt);
    case 'skipped':
      return notes.skipped(note.dueAt);
    case 'covers':
      return notes.covers(note.scope, note.dueAt);
    case 'decisions':
      return notes.decisions(
        (['approvals', 'ended', 'declines', 'groups'] as const)
          .filter((kind) => note[kind] !== 0)
          .map((kind) => decisions[kind](note[kind])),
      );
    case 'resumed':
      return notes.resumed(note.startedAt);
    case 'imported':
      return note.createdAt === undefined
        ? notes.imported(note.archive)
        : notes.importedOf(note.archive, note.createdAt);
    default:
      return note satisfies never;
  }
}

export function RunNotes({ notes }: { readonly notes: readonly RunNote[] }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <>
      {notes.map((note, index) => (
        <Text key={index} size={200} className={styles.quiet}>
          {sentenceOf(note, t)}
        </Text>
      ))}
    </>
  );
}

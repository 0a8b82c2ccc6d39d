/** What there is to say of a run beside how it went: why it began when it did, and what came due while it was on. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { RunNote } from '../../../protocol/console/schedule.ts';
import { countOf, formatCount } from '../format/amounts.ts';
import { dateAndTime } from '../format/relative-time.ts';
import { useLanguage } from '../language/language.ts';
import type { Language } from '../language/languages.ts';

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground3 } });

function sentenceOf(note: RunNote, language: Language): string {
  switch (note.kind) {
    case 'missed':
      return note.count === 1
        ? `Makes up for the start of ${dateAndTime(note.lastDueAt, language)}, when the relay was not running.`
        : `Makes up at once for ${countOf(note.count, 'start')} from ${dateAndTime(note.firstDueAt, language)} to ${dateAndTime(note.lastDueAt, language)}, when the relay was not running.`;
    case 'paused':
      return note.count === 1
        ? `Was due ${dateAndTime(note.dueAt, language)} and held back by a pause window.`
        : `Stands for ${countOf(note.count, 'start')} since ${dateAndTime(note.dueAt, language)} that a pause window held back.`;
    case 'waited':
      return `Was due ${dateAndTime(note.dueAt, language)} and waited for the run before it to end.`;
    case 'cancelled':
      return note.count === 1
        ? `Was due ${dateAndTime(note.dueAt, language)} during the run before it, which was cancelled.`
        : `Stands for ${countOf(note.count, 'start')} until ${dateAndTime(note.dueAt, language)} that came due during the run before it, which was cancelled.`;
    case 'skipped':
      return `Came due again ${dateAndTime(note.dueAt, language)} while it was still on; no second run was started.`;
    case 'covers':
      return `Also stands for the ${note.scope === 'fast' ? 'faster' : 'main'} schedule, due ${dateAndTime(note.dueAt, language)}.`;
    case 'decisions':
      return `The upstream server’s decisions: ${[
        [note.approvals, note.approvals === 1 ? 'approval made or changed' : 'approvals made or changed'],
        [note.ended, note.ended === 1 ? 'approval ended' : 'approvals ended'],
        [note.declines, note.declines === 1 ? 'decline made or undone' : 'declines made or undone'],
        [note.groups, note.groups === 1 ? 'group changed' : 'groups changed'],
      ]
        .filter(([count]) => count !== 0)
        .map(([count, word]) => `${formatCount(Number(count))} ${word}`)
        .join(', ')}.`;
    case 'resumed':
      return `Goes on with the run of ${dateAndTime(note.startedAt, language)}, which the end of the relay interrupted.`;
    case 'imported':
      return note.createdAt === undefined
        ? `Imported from disk: ${note.archive}.`
        : `Imported from disk: ${note.archive}, exported ${dateAndTime(note.createdAt, language)}.`;
    default:
      return note satisfies never;
  }
}

export function RunNotes({ notes }: { readonly notes: readonly RunNote[] }): ReactElement {
  const language = useLanguage();
  const styles = useStyles();
  return (
    <>
      {notes.map((note, index) => (
        <Text key={index} size={200} className={styles.quiet}>
          {sentenceOf(note, language)}
        </Text>
      ))}
    </>
  );
}

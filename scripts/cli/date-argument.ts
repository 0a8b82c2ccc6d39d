/** A date on the command line. */
import { InvalidArgumentError } from 'commander';

/** @param accepted a sentence that says what is @throws InvalidArgumentError */
export function dateOf(text: string, accepted: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError(accepted);
  return date;
}

/** Comma-separated values (RFC 4180) that a spreadsheet opens without running anything. */

/**
 * What a spreadsheet takes for a formula, or for what comes before one: OWASP, CSV Injection. A minus before a number is
 * one too.
 */
const BEGINS_FORMULA = /^[\s\0]*[=+\-@\t\r＝＋－＠]/;

/** What tells spreadsheets that the file is UTF-8; it goes before the first line. */
export const CSV_BEGINNING = '\ufeff';

/** One line with its end. What would be a formula has an apostrophe before it, which spreadsheets read as "a text". */
export const csvLine = (cells: readonly (string | number | undefined)[]): string =>
  `${cells.map(cell).join(',')}\r\n`;

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = BEGINS_FORMULA.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}

import fc from 'fast-check';
import { csvLine } from './csv-line.ts';

/** An obvious reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted && character === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === ',' || text.startsWith('\r\n', at))) {
      lines.at(-1)?.push(cell);
      cell = '';
      if (character !== ',') {
        lines.push([]);
        at += 1;
      }
    } else cell += character;
  }
  return lines.slice(0, -1);
}

describe('A line of comma-separated values', () => {
  it('reads back as it was, whatever signs are in it', () => {
    const harmless = fc.string({ unit: 'binary' }).map((text) => `x${text}`);
    fc.assert(
      fc.property(fc.array(fc.array(harmless, { minLength: 1 })), (lines) => {
        expect(readCsv(lines.map((line) => csvLine(line)).join(''))).toEqual(lines);
      }),
    );
  });

  it.each(['=1+1', '+1', '-1+cmd|x', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '\n@x'])(
    'shows %j, and computes nothing',
    (text) => {
      expect(readCsv(csvLine([text]))).toEqual([[`'${text}`]]);
    },
  );

  it('keeps numbers as numbers, and leaves empty what is not there', () => {
    expect(csvLine([-1, undefined, 'a "b", c', ''])).toBe('-1,,"a ""b"", c",""\r\n');
  });
});

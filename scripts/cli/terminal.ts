/** Where a command talks to whom. */
export interface Terminal {
  readonly print: (line: string) => void;
  /** Asks for one line; undefined where nobody sits there. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * What a server wrote may stand in a message; no control character of it reaches the terminal, nor any that shows nothing
 * itself but turns the order of what is beside it, or breaks the line.
 */
export const forTerminal = (text: string): string => text.replaceAll(UNSEEN, '?');

/** The same for text of several lines. */
export const linesForTerminal = (text: string): string => text.split('\n').map(forTerminal).join('\n');

/** The same for a value as JSON, in which such characters are escaped: what reads it gets them back. */
export const jsonForTerminal = (value: unknown): string =>
  JSON.stringify(value).replaceAll(UNSEEN, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

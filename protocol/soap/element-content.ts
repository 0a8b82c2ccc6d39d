/** Passing over the content of elements whose start tag was read last. */
import { END_TAG, START_TAG, type Tokenizer } from '../xml/tokenizer.ts';
import { MessageError, quote } from './message-error.ts';
import { XML_SCHEMA_INSTANCE } from './names.ts';

/** Moves past the element's end tag. */
export const skipElement = (tokens: Tokenizer): void => {
  const outside = tokens.depth - 1;
  while (tokens.next() !== END_TAG || tokens.depth > outside);
};

/**
 * Moves to the next child element's start tag, or past the end tag of the element at `depth`. Text between the children
 * is passed over.
 *
 * @returns whether there is another child
 */
export const nextChild = (tokens: Tokenizer): boolean => {
  for (;;) {
    const token = tokens.next();
    if (token === START_TAG) return true;
    if (token === END_TAG) return false;
  }
};

/**
 * The element's text; its end tag is passed.
 *
 * @param where names the element in an error
 * @throws MessageError MESSAGE_VALUE when it has child elements
 */
export const readText = (tokens: Tokenizer, where: string): string => {
  let text = '';
  for (;;) {
    const token = tokens.next();
    if (token === END_TAG) return text;
    if (token === START_TAG) {
      throw new MessageError(
        'MESSAGE_VALUE',
        `${where} holds the element ${quote(tokens.localName)} instead of a value`,
      );
    }
    text = text === '' ? tokens.text() : text + tokens.text();
  }
};

/** Whether the element says that it has no value (`xsi:nil`). */
export const isNil = (tokens: Tokenizer): boolean =>
  tokens.attributes.length > 0 &&
  tokens.attributes.some(
    ({ namespace, localName, value }) =>
      namespace === XML_SCHEMA_INSTANCE && localName === 'nil' && (value === 'true' || value === '1'),
  );

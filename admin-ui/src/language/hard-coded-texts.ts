/**
 * Finds text in the source of the console that a reader would see in one language only. Kept beside its test, which
 * runs it; the console itself never does.
 */
import { parseSync } from '@swc/core';

/** Attributes and properties whose strings people read or hear. */
const READ = new Set([
  'action',
  'advice',
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'content',
  'done',
  'hint',
  'inSentence',
  'label',
  'meaning',
  'none',
  'note',
  'offLabel',
  'placeholder',
  'says',
  'shortLabel',
  'text',
  'title',
  'validationMessage',
  'what',
  'word',
]);

/** Calls whose strings nobody reads: style sheets, what only a developer meets, and failures, which are shown by code. */
const UNREAD_CALLS = new Set(['makeStyles', 'Error', 'ApiError']);

/** Elements for what a machine reads, which is the same in every language. */
const UNREAD_ELEMENTS = new Set(['code', 'pre']);

const LETTERS = /\p{L}{2,}/u;
/** Two words, the first in capitals as a sentence has it: style values and identifiers are not written so. */
const SENTENCE = /^\p{Lu}\p{L}*[,:’]? \p{L}/u;

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

const textOf = (node: Node): string | undefined => {
  if (node.type === 'StringLiteral' || node.type === 'JSXText') return String(node['value']);
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node['quasis'])) return undefined;
  // What is put in stands for letters that the source does not have.
  return node['quasis']
    .map((one: { cooked?: unknown }) => (typeof one.cooked === 'string' ? one.cooked : ''))
    .join(' ');
};

function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'JSXNamespacedName') return `${nameOf(node['namespace'])}:${nameOf(node['name'])}`;
  return typeof node['value'] === 'string' ? node['value'] : '';
}

function elementName(element: Node): string {
  const opening = element['opening'];
  return isNode(opening) ? nameOf(opening['name']) : '';
}

/** The strings that an expression may become: both of `a ? 'Yes' : 'No'`. */
function valueTexts(node: unknown): string[] {
  if (!isNode(node)) return [];
  const text = textOf(node);
  if (text !== undefined) return [text];
  const parts: Readonly<Record<string, readonly string[]>> = {
    ConditionalExpression: ['consequent', 'alternate'],
    BinaryExpression: ['left', 'right'],
    ParenthesisExpression: ['expression'],
    JSXExpressionContainer: ['expression'],
    TsConstAssertion: ['expression'],
  };
  if (node.type === 'BinaryExpression' && !['+', '&&', '||', '??'].includes(String(node['operator'])))
    return [];
  return (parts[node.type] ?? []).flatMap((key) => valueTexts(node[key]));
}

/** The texts, as they stand in the source. @param hasTags whether it is of a `.tsx`, where `<` may begin a tag */
export function hardCodedTexts(source: string, hasTags = true): string[] {
  const found = new Set<string>();
  const note = (texts: readonly string[]): void => {
    for (const text of texts) if (LETTERS.test(text)) found.add(text.trim().replaceAll(/\s+/g, ' '));
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (isNode(value)) {
      if (value.type.startsWith('Import') || value.type.startsWith('Ts')) {
        if (
          value.type.startsWith('TsAs') ||
          value.type.startsWith('TsSatisfies') ||
          value.type === 'TsConstAssertion'
        )
          visit(value['expression']);
        return;
      }
      if (
        (value.type === 'CallExpression' || value.type === 'NewExpression') &&
        UNREAD_CALLS.has(nameOf(value['callee']))
      )
        return;
      if (value.type === 'JSXElement' && UNREAD_ELEMENTS.has(elementName(value))) return;
      if (value.type === 'JSXText') note([String(value['value'])]);
      if (value.type === 'JSXElement' && Array.isArray(value['children']))
        note(value['children'].flatMap(valueTexts));
      if (value.type === 'JSXFragment' && Array.isArray(value['children']))
        note(value['children'].flatMap(valueTexts));
      if (value.type === 'JSXAttribute' && READ.has(nameOf(value['name']))) note(valueTexts(value['value']));
      if (value.type === 'KeyValueProperty' && READ.has(nameOf(value['key'])))
        note(valueTexts(value['value']));
      const text = textOf(value);
      if (text !== undefined && SENTENCE.test(text)) note([text]);
    }
    for (const one of Object.values(value)) visit(one);
  };
  visit(parseSync(source, { syntax: 'typescript', tsx: hasTags, target: 'es2024' }).body);
  return [...found];
}

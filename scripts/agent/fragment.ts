/** Reads metadata fragments as agents are served them: several root elements, prefixes turned into `b.`, `d.`, `m.`. */
import { SaxesParser } from 'saxes';
import { AgentError } from './error.ts';

export interface FragmentElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly FragmentElement[];
  readonly text: string;
}

interface OpenElement extends FragmentElement {
  readonly children: FragmentElement[];
  text: string;
}

/** @throws AgentError of what is not well-formed */
export function readFragment(xml: string): readonly FragmentElement[] {
  const roots: FragmentElement[] = [];
  const open: OpenElement[] = [];
  const parser = new SaxesParser<{ xmlns: false; fragment: true }>({ xmlns: false, fragment: true });
  parser.on('error', (error) => {
    throw new AgentError('FRAGMENT_MALFORMED', `A fragment is not well-formed: ${error.message}`);
  });
  parser.on('opentag', (tag) => {
    const element: OpenElement = { name: tag.name, attributes: tag.attributes, children: [], text: '' };
    (open.at(-1)?.children ?? roots).push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const parent = open.at(-1);
    if (parent !== undefined) parent.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return roots;
}

export const childOf = (element: FragmentElement | undefined, name: string): FragmentElement | undefined =>
  element?.children.find((child) => child.name === name);

export const rootOf = (roots: readonly FragmentElement[], name: string): FragmentElement | undefined =>
  roots.find((root) => root.name === name);

/** Which prefix stands for which namespace where (Namespaces in XML 1.0, third edition). */
import { XmlError } from './error.ts';

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

interface Binding {
  readonly prefix: string;
  readonly namespace: string;
  readonly depth: number;
  /** What the prefix stood for before. */
  readonly outer: Binding | undefined;
}

const checkBinding = (prefix: string, namespace: string, offset: number): void => {
  const refuse = (why: string): never => {
    throw new XmlError('XML_NAMESPACE', offset, `the prefix "${prefix}" ${why}`);
  };
  if (prefix === 'xmlns') refuse('must not be declared');
  if (namespace === XMLNS_NAMESPACE) refuse('must not stand for the namespace of declarations');
  if ((prefix === 'xml') !== (namespace === XML_NAMESPACE))
    refuse('and the namespace of XML belong to "xml" alone');
  if (prefix !== '' && namespace === '') refuse('must stand for a namespace');
  if (namespace.trim() !== namespace) refuse('stands for a name with white space around it');
};

/** The declarations that are in force at one place of a document. */
export class NamespaceScope {
  /** What a name without prefix belongs to; empty for none. */
  default = '';
  readonly #byPrefix = new Map<string, Binding>();
  /** In the order of their declaration. */
  readonly #bindings: Binding[] = [];
  #innermostDepth = 0;

  /** @throws XmlError XML_NAMESPACE for what the recommendation forbids */
  declare(prefix: string, namespace: string, depth: number, offset: number): void {
    checkBinding(prefix, namespace, offset);
    const binding = { prefix, namespace, depth, outer: this.#byPrefix.get(prefix) };
    this.#bindings.push(binding);
    this.#innermostDepth = depth;
    this.#put(prefix, binding);
  }

  /** Forgets what the element at this depth declared. */
  leave(depth: number): void {
    if (this.#innermostDepth !== depth) return;
    let last = this.#bindings.at(-1);
    while (last !== undefined && last.depth === depth) {
      this.#put(last.prefix, last.outer);
      this.#bindings.pop();
      last = this.#bindings.at(-1);
    }
    this.#innermostDepth = last === undefined ? 0 : last.depth;
  }

  /** @throws XmlError XML_NAMESPACE when the prefix is not declared here */
  resolve(prefix: string, offset: number): string {
    const binding = this.#byPrefix.get(prefix);
    if (binding !== undefined) return binding.namespace;
    if (prefix === 'xml') return XML_NAMESPACE;
    throw new XmlError('XML_NAMESPACE', offset, `the prefix "${prefix}" is not declared`);
  }

  #put(prefix: string, binding: Binding | undefined): void {
    if (binding === undefined) this.#byPrefix.delete(prefix);
    else this.#byPrefix.set(prefix, binding);
    if (prefix === '') this.default = binding === undefined ? '' : binding.namespace;
  }
}

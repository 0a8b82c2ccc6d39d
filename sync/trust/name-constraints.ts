/** Which names the certificates below an authority may bear (RFC 5280 4.2.1.10). */
import { DerReader, TAG, constructed, primitive } from '../../protocol/x509/der.ts';
import type { DerElement } from '../../protocol/x509/der.ts';
import type { CertificateFields } from '../../protocol/x509/certificate-fields.ts';

const NAME_CONSTRAINTS = '2.5.29.30';
const ALTERNATIVE_NAME = '2.5.29.17';

const DNS = primitive(2);
const IP = primitive(7);
const DIRECTORY = constructed(4);

/** A GeneralName by its tag. */
type Name = Pick<DerElement, 'tag' | 'content'>;

interface Constraints {
  readonly permitted: readonly Name[];
  readonly excluded: readonly Name[];
}

/**
 * The tag of a name that the authority does not allow; undefined where it allows all of them.
 *
 * Kinds of names other than DNS names, addresses and directory names are not compared: where one is constrained, none of
 * its kind is allowed.
 *
 * @throws DerError
 */
export function nameNotPermitted(authority: CertificateFields, below: CertificateFields): string | undefined {
  const extension = authority.extensions.get(NAME_CONSTRAINTS);
  if (extension === undefined) return undefined;
  const { permitted, excluded } = readConstraints(extension.value);
  return namesOf(below)
    .filter((name) => {
      const sameKind = permitted.filter(({ tag }) => tag === name.tag);
      const isPermitted = sameKind.length === 0 || sameKind.some((base) => isWithin(name, base, false));
      return !isPermitted || excluded.some((base) => base.tag === name.tag && isWithin(name, base, true));
    })
    .map(shown)[0];
}

function readConstraints(value: Buffer): Constraints {
  const reader = new DerReader(value).inside(TAG.sequence);
  const permitted = subtrees(reader.insideIfNext(constructed(0)));
  const excluded = subtrees(reader.insideIfNext(constructed(1)));
  reader.end();
  return { permitted, excluded };
}

/** "Within this profile, the minimum and maximum fields are not used": there is a base and nothing else. */
function subtrees(list: DerReader | undefined): Name[] {
  return [...(list?.each(TAG.sequence) ?? [])].map((subtree) => {
    const base = subtree.element();
    subtree.end();
    return base;
  });
}

/** The subject, where it is not empty, and all alternative names. */
function namesOf({ subject, extensions }: CertificateFields): Name[] {
  const alternative = extensions.get(ALTERNATIVE_NAME);
  const others =
    alternative === undefined ? [] : new DerReader(alternative.value).inside(TAG.sequence).elements();
  const isEmpty = new DerReader(subject).inside(TAG.sequence).isAtEnd;
  return [...(isEmpty ? [] : [{ tag: DIRECTORY, content: subject }]), ...others];
}

/** @param isExcluding what cannot be compared is within what is excluded, and not within what is permitted */
function isWithin({ tag, content }: Name, base: Name, isExcluding: boolean): boolean {
  if (tag === DNS) {
    const name = content.toString('latin1').toLowerCase();
    const tree = base.content.toString('latin1').toLowerCase();
    return isBelow(name, tree) || (isExcluding && mayStandFor(name, tree));
  }
  if (tag === IP) return isInRange(content, base.content);
  if (tag === DIRECTORY) return beginsWith(rdnsOf(content), rdnsOf(base.content));
  return isExcluding;
}

/** "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side"; `.a` needs one. */
const isBelow = (name: string, tree: string): boolean =>
  tree === '' || name === tree || name.endsWith(tree.startsWith('.') ? tree : `.${tree}`);

/** Whether a wildcard is also for the excluded name: one label more than what is behind its asterisk. */
const mayStandFor = (name: string, tree: string): boolean =>
  name.startsWith('*.') && tree.replace(/^\.?[^.]*/, '') === name.slice(1);

/** The base is an address and a mask of the same length. */
function isInRange(address: Buffer, range: Buffer): boolean {
  if (range.length !== 2 * address.length) return false;
  return address.every((byte, index) => {
    const mask = range[address.length + index] ?? 0;
    return (byte & mask) === ((range[index] ?? 0) & mask);
  });
}

const beginsWith = (name: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((rdn, index) => rdn === name[index]);

/** Relative distinguished names in a form in which equal ones are the same text. */
function rdnsOf(distinguishedName: Buffer): string[] {
  const rdns = new DerReader(distinguishedName).inside(TAG.sequence).elements();
  return [...rdns].map(({ content }) =>
    [...new DerReader(content).each(TAG.sequence)]
      .map((attribute) => `${attribute.oid()}=${comparable(attribute.element())}`)
      .sort()
      .join('+'),
  );
}

/** UTF8String, PrintableString, T61String, IA5String: without regard to case and spaces (RFC 5280 7.1). */
const TEXTS = new Set([0x0c, 0x13, 0x14, 0x16]);

function comparable({ tag, content }: DerElement): string {
  if (!TEXTS.has(tag)) return `${tag}:${content.toString('hex')}`;
  return content.toString('utf8').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** For a sentence. */
function shown({ tag, content }: Name): string {
  if (tag === DNS) return content.toString('latin1');
  if (tag === IP && content.length === 4) return [...content].join('.');
  if (tag === IP) return content.toString('hex');
  return tag === DIRECTORY ? 'its subject' : 'a name of another kind';
}

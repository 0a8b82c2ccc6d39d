/** Makes readers of tables: each table is looked at once, not with every message. */
import type { Attribute } from '../xml/attributes.ts';
import type { Tokenizer } from '../xml/tokenizer.ts';
import { isNil, nextChild, readText, skipElement } from './element-content.ts';
import { MessageError, quote } from './message-error.ts';
import { SCALARS, type ScalarText } from './scalar-text.ts';
import type { ArrayType, ComplexType, EnumType, Field, ScalarType, Type } from './table.ts';

/** A message that is being read. */
export interface Source {
  readonly tokens: Tokenizer;
  readonly maxListItems: number;
}

/** Reads the element whose start tag was read last, end tag included. */
export type ElementReader = (source: Source) => unknown;

const wrongValue = (where: string, type: string, text: string): MessageError =>
  new MessageError('MESSAGE_VALUE', `${where} is ${quote(text)}, which is no ${type}`);

const parseScalar = (
  scalar: ScalarText,
  { scalar: name }: ScalarType,
  text: string,
  where: string,
): unknown => {
  const value = scalar.parse(name === 'string' ? text : text.trim());
  if (value === undefined) throw wrongValue(where, name, text);
  return value;
};

const parseEnum = (type: EnumType, text: string, where: string): string => {
  const value = text.trim();
  if (!type.values.includes(value)) throw wrongValue(where, `${type.name} (${type.values.join(', ')})`, text);
  return value;
};

const simpleReader = (type: ScalarType | EnumType, where: string): ElementReader => {
  if (type.kind === 'enum') return ({ tokens }) => parseEnum(type, readText(tokens, where), where);
  const scalar = SCALARS[type.scalar];
  const readAsText: ElementReader = ({ tokens }) => parseScalar(scalar, type, readText(tokens, where), where);
  if (type.scalar !== 'int') return readAsText;
  return (source) => {
    const value = source.tokens.wholeNumber();
    return value >= 0 ? value : readAsText(source);
  };
};

const arrayReader = (type: ArrayType, namespace: string, where: string): ElementReader => {
  const { itemName } = type;
  const readItem = typeReader(type.item, namespace, `${where}.${itemName}`);
  const holdsNumbers = type.item.kind === 'scalar' && type.item.scalar === 'int';
  return (source) => {
    const { tokens, maxListItems } = source;
    const items: unknown[] = [];
    while (nextChild(tokens)) {
      if (tokens.localName !== itemName || tokens.namespace !== namespace || isNil(tokens)) {
        skipElement(tokens);
        continue;
      }
      if (items.length === maxListItems) {
        throw new MessageError('MESSAGE_TOO_MANY', `${where} has more than ${String(maxListItems)} items`);
      }
      if (holdsNumbers && tokens.wholeNumbers(items, maxListItems)) continue;
      items.push(readItem(source));
    }
    return items;
  };
};

interface FieldReader {
  readonly name: string;
  readonly where: string;
  readonly read: ElementReader;
}

type Values = Record<string, unknown>;

/** For each required field, what its absence means or that it must not be absent. */
const requirements = (type: ComplexType, where: string): ((values: Values) => void) => {
  const required = Object.entries(type.fields)
    .filter(([, field]) => field.required)
    .map(([name, field]) => ({
      name,
      zero: field.type.kind === 'scalar' ? SCALARS[field.type.scalar].zero : undefined,
    }));
  return (values) => {
    for (const { name, zero } of required) {
      if (values[name] !== undefined) continue;
      if (zero === undefined) throw new MessageError('MESSAGE_MISSING', `${where} has no ${name}`);
      values[name] = zero;
    }
  };
};

const attributesReader = (
  type: ComplexType,
  where: string,
): ((attributes: readonly Attribute[], values: Values) => void) => {
  const fields = new Map<string, Field>(Object.entries(type.fields).filter(([, field]) => field.attribute));
  return (attributes, values) => {
    if (fields.size === 0) return;
    for (const { namespace, localName, value } of attributes) {
      const field = namespace === '' ? fields.get(localName) : undefined;
      if (field === undefined) continue;
      const at = `${where}.${localName}`;
      if (field.type.kind === 'scalar') {
        values[localName] = parseScalar(SCALARS[field.type.scalar], field.type, value, at);
      } else if (field.type.kind === 'enum') {
        values[localName] = parseEnum(field.type, value, at);
      }
    }
  };
};

const complexReader = (type: ComplexType, namespace: string, where: string): ElementReader => {
  const fields = new Map<string, FieldReader>();
  for (const [name, field] of Object.entries(type.fields)) {
    if (field.attribute) continue;
    const at = `${where}.${name}`;
    fields.set(name, { name, where: at, read: typeReader(field.type, namespace, at) });
  }
  const readAttributes = attributesReader(type, where);
  const requireFields = requirements(type, where);
  return (source) => {
    const { tokens } = source;
    const values: Values = {};
    readAttributes(tokens.attributes, values);
    while (nextChild(tokens)) {
      const field = tokens.namespace === namespace ? fields.get(tokens.localName) : undefined;
      if (field === undefined || isNil(tokens)) {
        skipElement(tokens);
        continue;
      }
      if (values[field.name] !== undefined) {
        throw new MessageError('MESSAGE_REPEATED', `${field.where} occurs twice`);
      }
      values[field.name] = field.read(source);
    }
    requireFields(values);
    return values;
  };
};

/**
 * @param namespace to which the type's elements belong; others are unknown and skipped
 * @param where names the element in errors
 */
export const typeReader = (type: Type, namespace: string, where: string): ElementReader => {
  if (type.kind === 'complex') return complexReader(type, namespace, where);
  if (type.kind === 'array') return arrayReader(type, namespace, where);
  return simpleReader(type, where);
};

/** Makes writers of tables, the counterpart of `type-reader.ts`. */
import { EscapedText } from './escaped-text.ts';
import { MessageError } from './message-error.ts';
import type { MessageOutput } from './message-output.ts';
import { PreparedItems } from './prepared-items.ts';
import { SCALARS } from './scalar-text.ts';
import type { ArrayType, ComplexType, EnumType, ScalarType, Type } from './table.ts';

/** Writes an element that holds the value. */
export type ElementWriter = (value: unknown, output: MessageOutput) => void;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrongValue = (where: string, type: string): MessageError =>
  new MessageError('MESSAGE_VALUE', `${where} was given a value that is no ${type}`);

const formatSimple = (type: ScalarType | EnumType, value: unknown, where: string): string => {
  if (type.kind === 'enum') {
    if (typeof value === 'string' && type.values.includes(value)) return value;
    throw wrongValue(where, type.name);
  }
  const text = SCALARS[type.scalar].format(value);
  if (text === undefined) throw wrongValue(where, type.scalar);
  return text;
};

const simpleWriter = (name: string, type: ScalarType | EnumType, where: string): ElementWriter => {
  const open = `<${name}>`;
  const close = `</${name}>`;
  return (value, output) => {
    if (value instanceof EscapedText && type.kind === 'scalar' && type.scalar === 'string') {
      output.raw(open);
      output.bytes(value.bytes);
      output.raw(close);
      return;
    }
    const text = formatSimple(type, value, where);
    if (text === '') {
      output.raw(`<${name} />`);
      return;
    }
    output.raw(open);
    output.text(text, where);
    output.raw(close);
  };
};

const arrayWriter = (name: string, type: ArrayType, where: string): ElementWriter => {
  const writeItem = typeWriter(type.itemName, type.item, `${where}.${type.itemName}`);
  const writeItems: ElementWriter = (value, output) => {
    if (value instanceof PreparedItems) for (const chunk of value.chunks) output.bytes(chunk);
    else if (Array.isArray(value)) for (const item of value) writeItem(item, output);
    else throw wrongValue(where, 'list');
  };
  return (value, output) => {
    const items: unknown = value instanceof PreparedItems ? value.chunks : value;
    if (Array.isArray(items) && items.length === 0) {
      output.raw(`<${name} />`);
      return;
    }
    output.raw(`<${name}>`);
    writeItems(value, output);
    output.raw(`</${name}>`);
  };
};

const attributesWriter = (type: ComplexType, where: string): ElementWriter => {
  const fields = Object.entries(type.fields);
  return (value, output) => {
    if (!isRecord(value)) throw wrongValue(where, type.name);
    for (const [name, field] of fields) {
      const given = value[name];
      if (given === undefined && field.required) {
        throw new MessageError('MESSAGE_MISSING', `${where} was given no ${name}`);
      }
      if (!field.attribute || given === undefined) continue;
      if (field.type.kind !== 'scalar' && field.type.kind !== 'enum') continue;
      output.raw(` ${name}="`);
      output.attribute(formatSimple(field.type, given, `${where}.${name}`), `${where}.${name}`);
      output.raw('"');
    }
  };
};

const childrenWriter = (type: ComplexType, where: string): ElementWriter => {
  const fields = Object.entries(type.fields)
    .filter(([, field]) => !field.attribute)
    .map(([name, field]) => ({ name, write: typeWriter(name, field.type, `${where}.${name}`) }));
  return (value, output) => {
    if (!isRecord(value)) return;
    for (const { name, write } of fields) {
      const given = value[name];
      if (given !== undefined) write(given, output);
    }
  };
};

const complexWriter = (tag: string, type: ComplexType, where: string): ElementWriter => {
  const writeAttributes = attributesWriter(type, where);
  const writeChildren = childrenWriter(type, where);
  const children = Object.entries(type.fields)
    .filter(([, field]) => !field.attribute)
    .map(([name]) => name);
  const [name] = tag.split(' ');
  return (value, output) => {
    output.raw(`<${tag}`);
    writeAttributes(value, output);
    if (isRecord(value) && children.some((child) => value[child] !== undefined)) {
      output.raw('>');
      writeChildren(value, output);
      output.raw(`</${name ?? tag}>`);
    } else {
      output.raw(' />');
    }
  };
};

/**
 * @param tag the element's name, which for a complex type may be followed by attributes
 * @param where names the element in errors
 */
export const typeWriter = (tag: string, type: Type, where: string): ElementWriter => {
  if (type.kind === 'complex') return complexWriter(tag, type, where);
  if (type.kind === 'array') return arrayWriter(tag, type, where);
  return simpleWriter(tag, type, where);
};

/**
 * The language in which wire messages are declared: tables of name, order, type and occurrence. One machine over them
 * (`codec.ts`) reads and writes; the same tables give the WSDL (`wsdl.ts`) and, by inference, the TypeScript types.
 *
 * The order of a table's keys is the order on the wire. Key names are the element names, spelled as the specification
 * spells them.
 */
import type { EscapedText } from './escaped-text.ts';
import type { PreparedItems } from './prepared-items.ts';

/** XML Schema simple types that the services use, and `guid` of `http://microsoft.com/wsdl/types/`. */
export type ScalarName =
  | 'string'
  | 'boolean'
  | 'int'
  | 'short'
  | 'long'
  | 'unsignedByte'
  | 'unsignedInt'
  | 'dateTime'
  | 'base64Binary'
  | 'guid';

export interface ScalarType<N extends ScalarName = ScalarName> {
  readonly kind: 'scalar';
  readonly scalar: N;
}

/** A string of which only the listed values exist. */
export interface EnumType<V extends string = string> {
  readonly kind: 'enum';
  readonly name: string;
  readonly values: readonly V[];
}

/** `ArrayOfX`: a wrapper whose repeated child `itemName` holds one item each; its value is the plain list. */
export interface ArrayType<T extends Type = Type> {
  readonly kind: 'array';
  readonly name: string;
  readonly itemName: string;
  readonly item: T;
  readonly nillableItems: boolean;
}

export interface ComplexType<F extends Fields = Fields> {
  readonly kind: 'complex';
  readonly name: string;
  readonly fields: F;
}

export type Type = ScalarType | EnumType | ArrayType | ComplexType;

export interface Field<T extends Type = Type, R extends boolean = boolean> {
  readonly type: T;
  readonly required: R;
  readonly nillable: boolean;
  readonly attribute: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

interface ScalarValues {
  string: string;
  boolean: boolean;
  int: number;
  short: number;
  long: bigint;
  unsignedByte: number;
  unsignedInt: number;
  /** As on the wire, checked for form; WSUS keeps seven digits of a second, which a Date would lose. */
  dateTime: string;
  base64Binary: Buffer;
  /** Lower case. */
  guid: string;
}

type Simplify<T> = { readonly [K in keyof T]: T[K] };

type FieldValues<F extends Fields, Text> = Simplify<
  { [K in keyof F as F[K]['required'] extends true ? K : never]: TypeValue<F[K]['type'], Text> } & {
    [K in keyof F as F[K]['required'] extends true ? never : K]?: TypeValue<F[K]['type'], Text> | undefined;
  }
>;

type TypeValue<T extends Type, Text> =
  T extends ScalarType<infer N>
    ? N extends 'string'
      ? Text
      : ScalarValues[N]
    : T extends EnumType<infer V>
      ? V
      : T extends ArrayType<infer I>
        ? readonly TypeValue<I, Text>[] | (EscapedText extends Text ? PreparedItems : never)
        : T extends ComplexType<infer F>
          ? FieldValues<F, Text>
          : never;

/** What reading a value of this type gives. */
export type Read<T extends Type> = TypeValue<T, string>;

/** What writing a value of this type takes: a string may be given already escaped, a list's items already written. */
export type Write<T extends Type> = TypeValue<T, string | EscapedText>;

const scalar = <N extends ScalarName>(name: N): ScalarType<N> => ({ kind: 'scalar', scalar: name });

export const string = scalar('string');
export const boolean = scalar('boolean');
export const int = scalar('int');
export const short = scalar('short');
export const long = scalar('long');
export const unsignedByte = scalar('unsignedByte');
export const unsignedInt = scalar('unsignedInt');
export const dateTime = scalar('dateTime');
export const base64Binary = scalar('base64Binary');
export const guid = scalar('guid');

export const enumeration = <const V extends string>(name: string, values: readonly V[]): EnumType<V> => ({
  kind: 'enum',
  name,
  values,
});

/**
 * `minOccurs="1"`. Windows peers leave such members out at times (`Get63LanguageOnly`, `ParentGroupId`) and read what
 * is missing as the zero of its type: so do we for numbers, booleans, dates and guids. Anything else must be there.
 */
export const required = <T extends Type>(type: T): Field<T, true> => ({
  type,
  required: true,
  nillable: false,
  attribute: false,
});

/** `minOccurs="0"`. */
export const optional = <T extends Type>(type: T): Field<T, false> => ({
  type,
  required: false,
  nillable: false,
  attribute: false,
});

/** `minOccurs="0" nillable="true"`: `xsi:nil` reads as absent. */
export const nillable = <T extends Type>(type: T): Field<T, false> => ({
  type,
  required: false,
  nillable: true,
  attribute: false,
});

export const requiredAttribute = <T extends ScalarType | EnumType>(type: T): Field<T, true> => ({
  type,
  required: true,
  nillable: false,
  attribute: true,
});

export const optionalAttribute = <T extends ScalarType | EnumType>(type: T): Field<T, false> => ({
  type,
  required: false,
  nillable: false,
  attribute: true,
});

export const complex = <const F extends Fields>(name: string, fields: F): ComplexType<F> => ({
  kind: 'complex',
  name,
  fields,
});

/** `nillableItems` as the WSDL has it; a nil item is left out of the list that reading gives. */
export const arrayOf = <T extends Type>(
  name: string,
  itemName: string,
  item: T,
  nillableItems = false,
): ArrayType<T> => ({
  kind: 'array',
  name,
  itemName,
  item,
  nillableItems,
});

/** One operation: `<name>` holds the request's fields, `<name>Response` the response's. */
export interface Operation<Q extends Fields = Fields, S extends Fields = Fields> {
  readonly name: string;
  /** Of its messages; nearly always the service's. */
  readonly namespace: string;
  /** Without the quotes it has in the header. */
  readonly soapAction: string;
  readonly request: ComplexType<Q>;
  readonly response: ComplexType<S>;
}

/** @param namespace the service's, or that of an interface it shares with others; the SOAPAction is built on it */
export const operation = <const Q extends Fields, const S extends Fields>(
  namespace: string,
  name: string,
  request: Q,
  response: S,
): Operation<Q, S> => ({
  name,
  namespace,
  soapAction: `${namespace}/${name}`,
  request: complex(name, request),
  response: complex(`${name}Response`, response),
});

/**
 * How WSUS writes a service's envelopes: its client service with the prefix `s` and nothing before the root, all
 * others with the prefix `soap`, an XML declaration, and the schema prefixes on the root.
 */
export type EnvelopeStyle = 's' | 'soap';

export interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly envelopeStyle: EnvelopeStyle;
  /** Where WSUS serves it, as it spells it; matched without regard to case. */
  readonly path: string;
  readonly operations: readonly Operation[];
}

export type RequestOf<O extends Operation> = O extends Operation<infer Q> ? FieldValues<Q, string> : never;
export type ResponseOf<O extends Operation> =
  O extends Operation<Fields, infer S> ? FieldValues<S, string> : never;
/** What writing a request takes. */
export type RequestToWrite<O extends Operation> =
  O extends Operation<infer Q> ? FieldValues<Q, string | EscapedText> : never;
/** What writing a response takes. */
export type ResponseToWrite<O extends Operation> =
  O extends Operation<Fields, infer S> ? FieldValues<S, string | EscapedText> : never;

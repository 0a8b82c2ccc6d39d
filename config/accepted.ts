/** What the schema accepts at a key, in words: for messages, and to find the key an environment variable means. */
import { z } from 'zod';
import { Config } from './schema.ts';

/** The part of JSON Schema that the configuration's schema comes out as. */
interface SchemaNode {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly items?: SchemaNode | undefined;
}

const SchemaNode: z.ZodType<SchemaNode> = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  minItems: z.number().optional(),
  get properties() {
    return z.record(z.string(), SchemaNode).optional();
  },
  get items() {
    return SchemaNode.optional();
  },
});

const ROOT = SchemaNode.parse(z.toJSONSchema(Config, { io: 'input' }));

export type KeyPath = readonly (string | number)[];

function nodeAt(path: KeyPath): SchemaNode | undefined {
  let node: SchemaNode | undefined = ROOT;
  for (const key of path) node = typeof key === 'number' ? node?.items : node?.properties?.[key];
  return node;
}

/** Keys that may stand under `path`; empty where none may. */
export function keysUnder(path: KeyPath): readonly string[] {
  return Object.keys(nodeAt(path)?.properties ?? {});
}

export function isListAt(path: KeyPath): boolean {
  return nodeAt(path)?.type === 'array';
}

/** What the schema itself says of what it accepts at `path`. */
export const descriptionAt = (path: KeyPath): string | undefined => nodeAt(path)?.description;

/** What is accepted at `path`, for the end of a sentence. */
export function acceptedAt(path: KeyPath): string {
  const node = nodeAt(path);
  return node === undefined ? 'nothing, this key does not exist' : describe(node);
}

function describe(node: SchemaNode): string {
  if (node.description !== undefined) return node.description;
  if (node.enum !== undefined) return node.enum.map(String).join(', ');
  switch (node.type ?? '') {
    case 'integer':
      return describeInteger(node);
    case 'string':
      return (node.minLength ?? 0) > 0 ? 'text that is not empty' : 'text';
    case 'array':
      return `${(node.minItems ?? 0) > 0 ? 'a list, not empty, of' : 'a list of'} ${node.items === undefined ? 'values' : describe(node.items)}`;
    case 'object':
      return `the keys ${Object.keys(node.properties ?? {}).join(', ')}`;
    default:
      return 'a value of another type';
  }
}

function describeInteger({ minimum, maximum }: SchemaNode): string {
  const hasMaximum = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (minimum !== undefined && hasMaximum) return `an integer from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `an integer from ${minimum} up`;
  return 'an integer';
}

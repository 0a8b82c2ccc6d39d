import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { Config } from './schema.ts';

const SAMPLE = readFileSync(new URL('./sluice.sample.yaml', import.meta.url), 'utf8');

/** Takes the "#" (and with examples the "#~") from what is commented out; prose has a space behind it. */
const uncomment = (text: string, withExamples: boolean): string =>
  text
    .split('\n')
    .map((line) => {
      if (/^\s*#~/.test(line)) return withExamples ? line.replace('#~', '') : line;
      return /^\s*#\S/.test(line) ? line.replace('#', '') : line;
    })
    .join('\n');

interface Node {
  properties?: Record<string, Node> | undefined;
  items?: Node | undefined;
}

const Node: z.ZodType<Node> = z.object({
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get items() {
    return Node.optional();
  },
});

/** `listeners.client.port`: every key that is no group of keys itself. */
const leafKeys = (node: Node, path: string[] = []): string[] => {
  if (node.items?.properties !== undefined) return leafKeys(node.items, path);
  if (node.properties === undefined) return [path.join('.')];
  return Object.entries(node.properties).flatMap(([key, inner]) => leafKeys(inner, [...path, key]));
};

const keysOf = (value: unknown, path: string[] = []): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, path));
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, [...path, key]));
};

describe('The commented sample of the configuration', () => {
  it('is an empty configuration as it stands', () => {
    expect(parseYaml(SAMPLE)).toBeNull();
  });

  it('holds exactly the defaults once they are uncommented', () => {
    const sample = Config.parse(parseYaml(uncomment(SAMPLE, false)));
    expect(sample).toEqual(Config.parse({}));
  });

  it('names every default of the schema, not only some', () => {
    const written = new Set(keysOf(parseYaml(uncomment(SAMPLE, false))));
    expect(keysOf(Config.parse({})).filter((key) => !written.has(key))).toEqual([]);
  });

  it('shows every key of the schema, and every example in it is accepted', () => {
    const whole: unknown = parseYaml(uncomment(SAMPLE, true));
    expect(Config.safeParse(whole).error).toBeUndefined();
    const schema = Node.parse(z.toJSONSchema(Config, { io: 'input' }));
    const shown = new Set(keysOf(whole));
    const listenerKeys = /^listeners\.(content|downstream|console)\.(certificateFile|keyFile)$/;
    expect(leafKeys(schema).filter((key) => !shown.has(key) && !listenerKeys.test(key))).toEqual([]);
  });
});

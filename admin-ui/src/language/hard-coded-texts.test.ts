import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hardCodedTexts } from './hard-coded-texts.ts';

const SOURCES = join(import.meta.dirname, '..');

const filesOf = (folder: string): string[] =>
  readdirSync(join(SOURCES, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts') && !/(^|[/-])texts\.ts$/.test(file))
    .map((file) => join(folder, file));

const textsOf = (file: string): string[] =>
  hardCodedTexts(readFileSync(join(SOURCES, file), 'utf8'), file.endsWith('.tsx'));

const folders = readdirSync(SOURCES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('the texts of the console', () => {
  it.each(folders)('in %s are in its texts.ts', (folder) => {
    const found = filesOf(folder).flatMap((file) => textsOf(file).map((text) => `${file}: ${text}`));
    expect(found).toEqual([]);
  });
});

describe('a text that is written into a component', () => {
  it.each([
    ['between tags', 'const a = <p>Hello there</p>;', ['Hello there']],
    ['in an expression between tags', 'const a = <p>{yes ? "done" : `wait ${n}`}</p>;', ['done', 'wait']],
    ['after a condition between tags', 'const a = <>{yes && "done"}</>;', ['done']],
    ['in an attribute that is read out', 'const a = <b aria-label="Close" />;', ['Close']],
    ['in an attribute that is put together', 'const a = <b title={`Select ${row}`} />;', ['Select']],
    ['in the properties of a tab', 'const tabs = [{ value: "now", label: "Now" }];', ['Now']],
    ['as a sentence in any place', 'const f = () => "No group is ticked.";', ['No group is ticked.']],
    ['under a condition that is spread', 'const a = <b {...(on && { hint: "try" })} />;', ['try']],
  ])('%s is found', (_, source, texts) => {
    expect(hardCodedTexts(source)).toEqual(texts);
  });

  it.each([
    ['a text of texts.ts', 'const a = <b title={t.close}>{t.count(3)}</b>;'],
    ['a style', 'const use = makeStyles({ a: { border: "1px solid", content: "x y" } });'],
    ['what is no word', 'const a = <p>{" · "}–{n} %</p>;'],
    ['a comparison', 'const a = <p>{state === "Failed" && t.failed}</p>;'],
    ['a class, a role and an address', 'const a = <a className="one two" role="tab" href="/updates" />;'],
    ['what only a developer meets', 'throw new Error("The page has no root.");'],
    ['a command', 'const a = <p>{t.type} <code>sluice content verify</code></p>;'],
    ['a type', 'type A = "One two" | { readonly label: "Now" };'],
  ])('%s is not taken for one', (_, source) => {
    expect(hardCodedTexts(source)).toEqual([]);
  });
});

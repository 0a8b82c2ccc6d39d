/** Holds the reading of update documents to a reader that the world uses, on generated documents and spoiled ones. */
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { syntheticCatalogue } from '../../scripts/fixtures/synthetic-catalogue.ts';
import { UpdateDocumentError } from './update-document-error.ts';
import { readTree } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

const documents = [...syntheticCatalogue(17, 200)].map(({ document }) => document);

/** Of elements with everything that is in them; white space is sorted out by what is around it when all of it is known. */
function readBySaxes(document: string): XmlElement | undefined {
  const open: { element: XmlElement; children: (XmlElement | string)[] }[] = [];
  let root: XmlElement | undefined;
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const text = (found: string): void => {
    const children = open.at(-1)?.children;
    const last = children?.at(-1);
    if (typeof last === 'string') children?.splice(-1, 1, last + found);
    else children?.push(found);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    const children: (XmlElement | string)[] = [];
    const own = Object.values(attributes).filter(({ prefix }) => prefix !== 'xmlns');
    const element = {
      namespace: uri,
      name: local,
      attributes: own.map((one) => ({ name: one.local, namespace: one.uri, value: one.value })),
      children,
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push({ element, children });
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const holdsElements = closed.children.some((child) => typeof child !== 'string');
    const kept = closed.children.filter(
      (child) =>
        typeof child !== 'string' || (child !== '' && !(holdsElements && /^[ \t\r\n]*$/.test(child))),
    );
    closed.children.splice(0, closed.children.length, ...kept);
  });
  parser.write(document).close();
  return root;
}

/** Undefined where it is refused. */
function accepted(document: string): XmlElement | undefined {
  try {
    return readTree(document);
  } catch (error) {
    if (error instanceof UpdateDocumentError) return undefined;
    throw error;
  }
}

const SNIPPETS = [
  ' ',
  '\r\n\t',
  '<!-- a comment -->',
  '<?target data?>',
  '<![CDATA[ <b> & ]]>',
  '&amp;&#x41;&#32;',
  'Über 日本 😀',
  '\uFEFF',
  '<a b="1" c="&lt;"/>',
  '<a xmlns="urn:of-another"><b/></a>',
  '</a>',
  '<a>',
  '&unknown;',
  '"',
  '=',
];

const spoiled = fc
  .record({
    document: fc.constantFrom(...documents),
    changes: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        betweenTags: fc.boolean(),
        snippet: fc.constantFrom(...SNIPPETS),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ document, changes }) =>
    changes.reduce((text, { at, betweenTags, snippet }) => {
      const place = Math.floor(at * text.length);
      const tag = text.indexOf('>', place) + 1;
      const end = betweenTags && tag > 0 ? tag : place;
      return text.slice(0, end) + snippet + text.slice(end);
    }, document),
  );

describe('an update document', () => {
  it('is read as saxes reads it', () => {
    for (const document of documents) expect(readTree(document)).toEqual(readBySaxes(document));
  });

  it('is read alike where something stands in it that need not, or refused', () => {
    let read = 0;
    fc.assert(
      fc.property(spoiled, (document) => {
        const ours = accepted(document);
        if (ours === undefined) return;
        read += 1;
        expect(ours).toEqual(readBySaxes(document));
      }),
      { numRuns: 600 },
    );
    // Were nearly all refused, nothing would have been compared.
    expect(read).toBeGreaterThan(100);
  });

  it.each([
    ['utf-16', '<?xml version="1.0" encoding="utf-16"?>'],
    ['utf-8', '<?xml version="1.0" encoding="utf-8"?>'],
    ['windows-1252', "<?xml version='1.0' encoding='windows-1252'?>"],
  ])('is text by now, whatever it declares to have been: %s', (_, declaration) => {
    const [document = ''] = documents;
    expect(readTree(declaration + document)).toEqual(readTree(document));
  });
});

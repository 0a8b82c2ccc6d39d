/**
 * Holds our reader to one that the world uses: what ours accepts saxes accepts and reads alike, so what saxes refuses
 * ours refuses.
 */
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { XmlError } from './error.ts';
import { DOCUMENT_END, END_TAG, START_TAG, TEXT, Tokenizer } from './tokenizer.ts';
import { Vocabulary } from './vocabulary.ts';

const LIMITS = { maxBytes: 1e6, maxDepth: 50, maxElements: 1000, maxAttributes: 20, maxNameBytes: 200 };
const VOCABULARY = new Vocabulary(['a', 'bc', 'int'], ['urn:a', 'urn:b']);
/** Raised for a long run by hand. */
const RUNS = Number(process.env.XML_FUZZ_RUNS ?? 1500);

type Attribute = readonly [namespace: string, localName: string, value: string];

/** What a document says, in a form that both readers can be brought to. */
class Outline {
  readonly lines: string[] = [];
  #text = '';

  start(namespace: string, localName: string, attributes: readonly Attribute[]): void {
    this.#flush();
    this.lines.push(
      JSON.stringify([
        namespace,
        localName,
        attributes.map((attribute) => JSON.stringify(attribute)).toSorted(),
      ]),
    );
  }

  text(text: string): void {
    this.#text += text;
  }

  end(): void {
    this.#flush();
    this.lines.push('end');
  }

  #flush(): void {
    if (this.#text !== '') this.lines.push(`text ${JSON.stringify(this.#text)}`);
    this.#text = '';
  }
}

const readByOurs = (document: Buffer): string[] => {
  const tokens = new Tokenizer(document, LIMITS, VOCABULARY);
  const outline = new Outline();
  for (;;) {
    switch (tokens.next()) {
      case START_TAG:
        outline.start(
          tokens.namespace,
          tokens.localName,
          tokens.attributes.map(({ namespace, localName, value }) => [namespace, localName, value] as const),
        );
        break;
      case TEXT:
        outline.text(tokens.text());
        break;
      case END_TAG:
        outline.end();
        break;
      case DOCUMENT_END:
        return outline.lines;
    }
  }
};

const readBySaxes = (document: string): string[] => {
  const parser = new SaxesParser({ xmlns: true });
  const outline = new Outline();
  let open = 0;
  parser.on('opentag', ({ uri, local, attributes }) => {
    open++;
    outline.start(
      uri,
      local,
      Object.values(attributes).map(
        (attribute) => [attribute.uri, attribute.local, attribute.value] as const,
      ),
    );
  });
  parser.on('text', (text) => {
    if (open > 0) outline.text(text);
  });
  parser.on('cdata', (text) => outline.text(text));
  parser.on('closetag', () => {
    open--;
    outline.end();
  });
  parser.write(document).close();
  return outline.lines;
};

/** Undefined when ours refuses it; anything but an XmlError is a failure. */
const accepted = (document: Buffer): string[] | undefined => {
  try {
    return readByOurs(document);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
};

const acceptedBySaxes = (document: string): string[] | undefined => {
  try {
    return readBySaxes(document);
  } catch {
    return undefined;
  }
};

const expectAgreement = (document: string): void => {
  const wellFormed = document.toWellFormed();
  const ours = accepted(Buffer.from(wellFormed));
  if (ours !== undefined) expect(ours).toEqual(readBySaxes(wellFormed));
};

const pieces = [
  '<a>',
  '</a>',
  '<a/>',
  '<bc x="1">',
  '</bc>',
  '<int>',
  '7',
  '</int>',
  '<p:a xmlns:p="urn:a">',
  '</p:a>',
  " p:y='2'",
  '<a xmlns="urn:b">',
  'xmlns:q="urn:b"',
  '<',
  '>',
  '/',
  '"',
  "'",
  '=',
  ' ',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '&',
  ';',
  '&lt;',
  '&#65;',
  '&#x41;',
  '&#xD;',
  '&quot;',
  '&bad;',
  '#',
  'x',
  ':',
  '-',
  '--',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  ']',
  '<?',
  '?>',
  '?',
  '<?xml version="1.0"?>',
  '<!DOCTYPE a>',
  'text',
  'é',
  '\u{1F600}',
  'π',
  '\u0301',
  '\u0001',
  '\u0000',
  '\ufffe',
  '\ufeff',
  '\ud800',
  '\u00a0',
  '\u0085',
  '\u2028',
  'xml',
  'xmlns',
  '0',
  '.',
  '_',
];
const piece = fc.constantFrom(...pieces);

const name = fc.constantFrom('a', 'bc', 'int', 'é', 'x-1', '_z', 'n\u0301');
const plainText = fc
  .array(
    fc.constantFrom(
      'x',
      '12',
      ' ',
      '\r',
      '\n',
      '\r\n',
      '&lt;',
      '&#xe9;',
      '&amp;',
      ']',
      ']]',
      'é',
      '\u{1F600}',
      '\t',
      '"',
    ),
  )
  .map((parts) => parts.join('').replaceAll(']]>', ''));
const attributeValue = plainText.map((text) => `"${text.replaceAll('"', '')}"`);
const misc = fc.constantFrom('<!-- c -->', '<?pi x?>', '<?pi?>', '<![CDATA[<x>&]]>', '<![CDATA[]]>', '');

const element = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .record({
      name,
      prefix: fc.constantFrom('', 'p:', 'q:'),
      attributes: fc.uniqueArray(fc.tuple(name, attributeValue), { maxLength: 3, selector: ([key]) => key }),
      defaultNamespace: fc.constantFrom('', ' xmlns="urn:a"', ' xmlns="urn:c"', ' xmlns=""'),
      space: fc.constantFrom('', ' ', '\n'),
      children: fc.array(fc.oneof({ depthSize: 'small' }, plainText, misc, tie('element')), { maxLength: 4 }),
    })
    .map(({ name: local, prefix, attributes, defaultNamespace, space, children }) => {
      const tag = `${prefix}${local}`;
      const prefixes = ' xmlns:p="urn:b" xmlns:q="urn:q"';
      const written = attributes
        .map(([key, value], index) => ` ${index === 0 ? 'p:' : ''}${key}${space}=${value}`)
        .join('');
      return `<${tag}${prefixes}${defaultNamespace}${written}${space}>${children.join('')}</${tag}${space}>`;
    }),
})).element;

const document = fc
  .tuple(
    fc.constantFrom(
      '',
      '<?xml version="1.0"?>',
      "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n",
      '\ufeff',
    ),
    fc.constantFrom('', '<!-- before -->', ' \n'),
    element,
    fc.constantFrom('', '\n', '<?after?>'),
  )
  .map((parts) => parts.join(''));

describe('the tokenizer, beside saxes', () => {
  it('reads every well-formed document as saxes does', () => {
    fc.assert(
      fc.property(document, (text) => {
        expect(readByOurs(Buffer.from(text))).toEqual(readBySaxes(text));
      }),
      { numRuns: RUNS / 3 },
    );
  });

  it('accepts nothing that saxes refuses, whatever is cut from a document or put into it', () => {
    const edit = fc.record({
      at: fc.nat(),
      cut: fc.constantFrom(0, 0, 1, 2, 5),
      put: fc.oneof(piece, fc.constant('')),
    });
    fc.assert(
      fc.property(document, fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
        let edited = text;
        for (const { at, cut, put } of edits) {
          const place = at % (edited.length + 1);
          edited = edited.slice(0, place) + put + edited.slice(place + cut);
        }
        expectAgreement(edited);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it('accepts nothing that saxes refuses, whatever pieces of markup come together', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (parts) => {
        expectAgreement(parts.join(''));
        expectAgreement(`<r>${parts.join('')}</r>`);
        expectAgreement(`<r ${parts.join('')}/>`);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it('takes the same characters into names, at every place where that changes', () => {
    const edges = [
      0xb7, 0xc0, 0xd7, 0xd8, 0xf7, 0xf8, 0x300, 0x370, 0x37e, 0x37f, 0x2000, 0x200c, 0x200e, 0x203f, 0x2041,
      0x2070, 0x2190, 0x2c00, 0x2ff0, 0x3001, 0xd7ff, 0xf900, 0xfdd0, 0xfdf0, 0xfffe, 0x10000, 0xf0000,
    ];
    for (const edge of edges) {
      for (const codePoint of [edge - 1, edge, edge + 1]) {
        const character = String.fromCodePoint(codePoint).toWellFormed();
        for (const written of [
          `<${character}/>`,
          `<a${character}/>`,
          `<a ${character}="1"/>`,
          `<a b${character}="1"/>`,
        ]) {
          expect([written, accepted(Buffer.from(written))]).toEqual([written, acceptedBySaxes(written)]);
        }
      }
    }
  });

  it('answers bytes of any kind with a reading or an XmlError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), document, fc.nat(), (noise, text, at) => {
        const bytes = Buffer.from(text);
        const place = at % (bytes.length + 1);
        accepted(Buffer.from(noise));
        accepted(Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(place)]));
        accepted(Buffer.from(text, 'utf16le'));
        accepted(Buffer.concat([Buffer.from([0xff, 0xfe]), noise]));
      }),
      { numRuns: RUNS },
    );
  });

  it('reads UTF-16 with its mark as it reads the same text in UTF-8', () => {
    fc.assert(
      fc.property(element, fc.boolean(), (text, bigEndian) => {
        const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
        expect(readByOurs(bigEndian ? utf16.swap16() : utf16)).toEqual(readByOurs(Buffer.from(text)));
      }),
      { numRuns: RUNS / 5 },
    );
  });
});

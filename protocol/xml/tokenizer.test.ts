import type { XmlErrorCode } from './error.ts';
import { XmlError } from './error.ts';
import type { XmlLimits } from './limits.ts';
import { DOCUMENT_END, END_TAG, START_TAG, TEXT, Tokenizer } from './tokenizer.ts';
import { Vocabulary } from './vocabulary.ts';

const LIMITS: XmlLimits = {
  maxBytes: 100_000,
  maxDepth: 8,
  maxElements: 50,
  maxAttributes: 4,
  maxNameBytes: 40,
};

/** One line a token, so that a test shows what was read. */
const read = (document: string | Buffer, limits: XmlLimits = LIMITS): string[] => {
  const tokens = new Tokenizer(typeof document === 'string' ? Buffer.from(document) : document, limits);
  const lines: string[] = [];
  for (;;) {
    switch (tokens.next()) {
      case START_TAG: {
        const attributes = tokens.attributes.map(
          ({ namespace, localName, value }) => `${namespace}|${localName}=${value}`,
        );
        lines.push([`<${tokens.namespace}|${tokens.localName}`, ...attributes].join(' '));
        break;
      }
      case TEXT:
        lines.push(tokens.text());
        break;
      case END_TAG:
        lines.push('/');
        break;
      case DOCUMENT_END:
        return lines;
    }
  }
};

const refusal = (document: string | Buffer, limits?: XmlLimits): XmlErrorCode => {
  try {
    read(document, limits);
  } catch (error) {
    if (error instanceof XmlError) return error.code;
    throw error;
  }
  throw new Error('the document was accepted');
};

describe('what the tokenizer reads', () => {
  it('gives elements, text and the end, and passes over comments and processing instructions', () => {
    expect(read('<?xml version="1.0"?><!-- a --><r>x<!--y--><?p q?>z<e /></r ><!-- - -->\n')).toEqual([
      '<|r',
      'x',
      'z',
      '<|e',
      '/',
      '/',
    ]);
  });

  it('resolves the five entities and character references in text and attributes', () => {
    expect(read('<r a="&lt;&#65;&quot;">&amp;&gt;&apos;&#x20AC;&#x1F600;&lt;</r>')).toEqual([
      '<|r |a=<A"',
      "&>'€😀<",
      '/',
    ]);
  });

  it('makes each line end one line feed in text, and white space a space in attributes', () => {
    expect(read('<r a="1\r\n2\t3\n4&#10;5">a\r\nb\rc&#13;d<![CDATA[e\r\nf]]></r>')).toEqual([
      '<|r |a=1 2 3 4\n5',
      'a\nb\nc\rd',
      'e\nf',
      '/',
    ]);
  });

  it('takes CDATA as it is', () => {
    expect(read('<r><![CDATA[<a>&amp;]]]]></r>')).toEqual(['<|r', '<a>&amp;]]', '/']);
  });

  it('follows namespaces, their redeclaration and the end of their scope', () => {
    expect(read('<a xmlns="u"><p:b xmlns:p="v" p:x="1" x="2"><c xmlns=""/></p:b><d/></a>')).toEqual([
      '<u|a http://www.w3.org/2000/xmlns/|xmlns=u',
      '<v|b http://www.w3.org/2000/xmlns/|p=v v|x=1 |x=2',
      '<|c http://www.w3.org/2000/xmlns/|xmlns=',
      '/',
      '/',
      '<u|d',
      '/',
      '/',
    ]);
  });

  it('reads names beyond ASCII', () => {
    expect(read('<größe ж="1">π</größe>')).toEqual(['<|größe |ж=1', 'π', '/']);
  });

  it.each([
    ['UTF-8 with its mark', Buffer.from('\ufeff<r>ä</r>')],
    ['little-endian UTF-16', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><r>ä</r>', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('\ufeff<r>ä</r>', 'utf16le').swap16()],
  ])('reads %s', (_, document) => {
    expect(read(document)).toEqual(['<|r', 'ä', '/']);
  });

  it('gives an expected name as the string that the vocabulary holds', () => {
    const tokens = new Tokenizer(
      Buffer.from('<int xmlns="u"/>'),
      LIMITS,
      new Vocabulary(['int', 'other'], ['u']),
    );
    tokens.next();
    expect([tokens.localName, tokens.namespace]).toEqual(['int', 'u']);
  });
});

const numbers = (document: string, maximum = 10): { found: unknown[]; whole: boolean; rest: number } => {
  const tokens = new Tokenizer(Buffer.from(document), LIMITS);
  tokens.next();
  tokens.next();
  const found: unknown[] = [];
  const whole = tokens.wholeNumbers(found, maximum);
  let rest = 0;
  while (tokens.next() !== DOCUMENT_END) rest++;
  return { found, whole, rest };
};

describe('whole numbers', () => {
  it('are read in one run while siblings are alike', () => {
    expect(numbers('<r><i>1</i><i>020</i><i>999999999</i></r>')).toEqual({
      found: [1, 20, 999_999_999],
      whole: true,
      rest: 1,
    });
  });

  it.each(['-1', '1234567890', '', ' 1', '1<!---->', '&#49;', '1.0'])('stop before "%s"', (content) => {
    expect(numbers(`<r><i>1</i><i>${content}</i></r>`)).toMatchObject({ found: [1], whole: false });
  });

  it('stop after the last that is allowed', () => {
    expect(numbers('<r><i>1</i><i>2</i><i>3</i></r>', 2)).toMatchObject({
      found: [1, 2],
      whole: true,
      rest: 4,
    });
  });

  it('are not read from an element that another element or a space separates, nor from a longer name', () => {
    expect(numbers('<r><i>1</i> <i>2</i></r>').found).toEqual([1]);
    expect(numbers('<r><i>1</i><ij>2</ij></r>').found).toEqual([1]);
  });

  it('do not carry a namespace over to siblings', () => {
    expect(numbers('<r><i xmlns="u">1</i><i>2</i></r>')).toMatchObject({ found: [], whole: false });
  });

  it('count as elements', () => {
    const run = `<r>${'<i>1</i>'.repeat(60)}</r>`;
    expect(() => numbers(run, 100)).toThrow('more than 50 elements');
  });
});

const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const many = (count: number): string => `<r>${'<a/>'.repeat(count - 1)}</r>`;
const attributes = (count: number): string =>
  `<a ${Array.from({ length: count }, (_, index) => `b${String(index)}="1"`).join(' ')}/>`;
const named = (length: number): string => `<${'n'.repeat(length)}/>`;

describe('what the tokenizer refuses', () => {
  it.each<[string, XmlErrorCode]>([
    ['', 'XML_SYNTAX'],
    ['<!-- only -->', 'XML_SYNTAX'],
    ['text', 'XML_SYNTAX'],
    ['<a>', 'XML_SYNTAX'],
    ['<a', 'XML_SYNTAX'],
    ['<a>x', 'XML_SYNTAX'],
    ['<a><b></a></b>', 'XML_SYNTAX'],
    ['<a></ab>', 'XML_SYNTAX'],
    ['<ab></a>', 'XML_SYNTAX'],
    ['</a>', 'XML_SYNTAX'],
    ['<a/><b/>', 'XML_SYNTAX'],
    ['<a/>text', 'XML_SYNTAX'],
    ['<a/><![CDATA[]]>', 'XML_SYNTAX'],
    ['<1a/>', 'XML_SYNTAX'],
    ['< a/>', 'XML_SYNTAX'],
    ['<a / >', 'XML_SYNTAX'],
    ['<a b=c/>', 'XML_SYNTAX'],
    ['<a b/>', 'XML_SYNTAX'],
    ['<a b="1"c="2"/>', 'XML_SYNTAX'],
    ['<a b="<"/>', 'XML_SYNTAX'],
    ['<a b="1/>', 'XML_SYNTAX'],
    ['<a>]]></a>', 'XML_SYNTAX'],
    ['<a>\u0001</a>', 'XML_SYNTAX'],
    ['<a>\u0000</a>', 'XML_SYNTAX'],
    ['<a>\uffff</a>', 'XML_SYNTAX'],
    ['<a b="\ufffe"/>', 'XML_SYNTAX'],
    ['<a><!-- -- --></a>', 'XML_SYNTAX'],
    ['<a><!-- \u0001 --></a>', 'XML_SYNTAX'],
    ['<a><?p \ufffe?></a>', 'XML_SYNTAX'],
    ['<a><![CDATA[\u000b]]></a>', 'XML_SYNTAX'],
    ['<a><!-- --->', 'XML_SYNTAX'],
    ['<a><!- x -></a>', 'XML_SYNTAX'],
    ['<a><![CDATA[x]]</a>', 'XML_SYNTAX'],
    ['<a><![cdata[x]]></a>', 'XML_SYNTAX'],
    ['<a><?xml version="1.0"?></a>', 'XML_SYNTAX'],
    [' <?xml version="1.0"?><a/>', 'XML_SYNTAX'],
    ['<?xml version="1.1"?><a/>', 'XML_SYNTAX'],
    ['<?xml encoding="utf-8"?><a/>', 'XML_SYNTAX'],
    ['<?xml version="1.0"', 'XML_SYNTAX'],
    ['<a><?p:q?></a>', 'XML_SYNTAX'],
    ['<a><? ?></a>', 'XML_SYNTAX'],
    ['<a:b:c xmlns:a="u"/>', 'XML_SYNTAX'],
    ['<xmlns:a/>', 'XML_SYNTAX'],
    ['<a>&nbsp;</a>', 'XML_REFERENCE'],
    ['<a>&constructor;</a>', 'XML_REFERENCE'],
    ['<a>&#0;</a>', 'XML_REFERENCE'],
    ['<a>&#xD800;</a>', 'XML_REFERENCE'],
    ['<a>&#x110000;</a>', 'XML_REFERENCE'],
    ['<a>&</a>', 'XML_REFERENCE'],
    ['<a>&lt</a>', 'XML_REFERENCE'],
    ['<a b="&#x;"/>', 'XML_REFERENCE'],
    ['<p:a/>', 'XML_NAMESPACE'],
    ['<a p:b="1"/>', 'XML_NAMESPACE'],
    ['<a xmlns:p=""/>', 'XML_NAMESPACE'],
    ['<a xmlns:xmlns="u"/>', 'XML_NAMESPACE'],
    ['<a xmlns:xml="u"/>', 'XML_NAMESPACE'],
    ['<a xmlns="http://www.w3.org/XML/1998/namespace"/>', 'XML_NAMESPACE'],
    ['<a xmlns=" u"/>', 'XML_NAMESPACE'],
    ['<a b="1" b="2"/>', 'XML_DUPLICATE_ATTRIBUTE'],
    ['<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', 'XML_DUPLICATE_ATTRIBUTE'],
    ['<?xml version="1.0" encoding="iso-8859-1"?><a/>', 'XML_ENCODING'],
    ['<?xml version="1.0" encoding="utf-16"?><a/>', 'XML_ENCODING'],
  ])('%j with %s', (document, code) => {
    expect(refusal(document)).toBe(code);
  });

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e])],
    [
      'an overlong sequence',
      Buffer.concat([Buffer.from('<a>'), Buffer.from([0xc0, 0xbc]), Buffer.from('</a>')]),
    ],
    [
      'UTF-16 that ends within a code unit',
      Buffer.concat([Buffer.from('\ufeff<a/>', 'utf16le'), Buffer.from([0])]),
    ],
    ['UTF-16 with half a surrogate pair', Buffer.from('\ufeff<a>\ud800</a>', 'utf16le')],
  ])('%s', (_, document) => {
    expect(refusal(document)).toBe('XML_ENCODING');
  });

  it('a document type declaration, and so every bomb made of entities', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>';
    expect(refusal(bomb)).toBe('XML_DOCTYPE');
    expect(refusal('<!DOCTYPE a><a/>')).toBe('XML_DOCTYPE');
  });

  it('what exceeds a limit, and nothing that just meets it', () => {
    expect(refusal(nested(9))).toBe('XML_TOO_DEEP');
    expect(refusal(many(51))).toBe('XML_TOO_MANY_ELEMENTS');
    expect(refusal(attributes(5))).toBe('XML_TOO_MANY_ATTRIBUTES');
    expect(refusal(named(41))).toBe('XML_NAME_TOO_LONG');
    expect(refusal(`<p:${'n'.repeat(40)} xmlns:p="u"/>`)).toBe('XML_NAME_TOO_LONG');
    expect(refusal('<a/>', { ...LIMITS, maxBytes: 3 })).toBe('XML_TOO_LARGE');
    for (const document of [nested(8), many(50), attributes(4), named(40)]) {
      expect(() => read(document)).not.toThrow();
    }
    expect(() => read('<a/>', { ...LIMITS, maxBytes: 4 })).not.toThrow();
  });
});

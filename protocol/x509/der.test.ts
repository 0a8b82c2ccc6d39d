import fc from 'fast-check';
import forge from 'node-forge';
import { DerError, DerReader, TAG } from './der.ts';
import { integer, oid } from './der-writer.ts';

const hex = (text: string): DerReader => new DerReader(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const { Class, Type, create, toDer } = forge.asn1;
const forged = (type: forge.asn1.Type, value: string): DerReader =>
  new DerReader(Buffer.from(toDer(create(Class.UNIVERSAL, type, false, value)).getBytes(), 'latin1'));

/** Reads whatever is there, in every way there is. */
function readAll(bytes: Buffer, depth = 0): void {
  for (const { tag, content, whole } of new DerReader(bytes).elements()) {
    expect(content.length).toBeLessThan(whole.length);
    for (const read of ['integer', 'oid', 'bits', 'octets', 'boolean', 'enumerated', 'time'] as const) {
      try {
        new DerReader(whole)[read]();
      } catch (error) {
        if (!(error instanceof DerError)) throw error;
      }
    }
    if ((tag & 0x20) !== 0 && depth < 20) readAll(content, depth + 1);
  }
}

describe('The reader of DER', () => {
  it('reads what node-forge writes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        expect(forged(Type.OCTETSTRING, text).octets()).toEqual(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 39 }),
        fc.array(fc.nat({ max: 2 ** 27 }), { maxLength: 8 }),
        (first, second, rest) => {
          const dotted = [first, second, ...rest].join('.');
          expect(forged(Type.OID, forge.asn1.oidToDer(dotted).getBytes()).oid()).toBe(dotted);
          expect(new DerReader(oid(dotted)).oid()).toBe(dotted);
        },
      ),
    );
    const now = new Date('2026-11-24T12:30:01Z');
    expect(forged(Type.UTCTIME, forge.asn1.dateToUtcTime(now)).time()).toEqual(now);
    expect(forged(Type.GENERALIZEDTIME, forge.asn1.dateToGeneralizedTime(now)).time()).toEqual(now);
  });

  it('reads numbers as they were written, and equal ones as equal', () => {
    for (const value of ['00', '01', '7f', '80', 'ff01', '0100'])
      expect(new DerReader(integer(value)).integer()).toBe(value);
    expect(hex('02 02 0080').integer()).toBe('80');
  });

  it.each([
    ['a length left open', '30 80 0000'],
    ['a length longer than it needs be', '04 81 01 00'],
    ['a length with zeros in front', '04 82 0001 00'],
    ['more than there is', '04 05 00'],
    ['a length of many bytes', '04 85 0000000001 00'],
    ['a tag of several bytes', '1f 81 01 00'],
    ['an end after the tag', '04'],
  ])('refuses %s', (_what, bytes) => {
    expect(() => hex(bytes).element()).toThrow(DerError);
  });

  it('refuses values in another form than DER has for them', () => {
    expect(() => hex('01 01 01').boolean()).toThrow(DerError);
    expect(() => hex('03 02 01 80').bits()).toThrow(DerError);
    expect(() => hex('06 01 80').oid()).toThrow(DerError);
    expect(() => forged(Type.UTCTIME, '260231000000Z').time()).toThrow(DerError);
    expect(() => forged(Type.GENERALIZEDTIME, '20260101000000+0100').time()).toThrow(DerError);
    expect(() => hex('02 00').integer()).toThrow(DerError);
    expect(() => hex('05 00').expect(TAG.sequence)).toThrow(DerError);
  });

  it('reads the fraction of a second that a timestamp may have', () => {
    expect(forged(Type.GENERALIZEDTIME, '20260102030405Z').fractionalTime().toISOString()).toBe(
      '2026-01-02T03:04:05.000Z',
    );
    expect(forged(Type.GENERALIZEDTIME, '20260102030405.5Z').fractionalTime().toISOString()).toBe(
      '2026-01-02T03:04:05.500Z',
    );
    expect(forged(Type.GENERALIZEDTIME, '20260102030405.123456789Z').fractionalTime().toISOString()).toBe(
      '2026-01-02T03:04:05.123Z',
    );
    for (const text of ['20260102030405.50Z', '20260102030405.Z', '20260102030405', '20260231030405.5Z'])
      expect(() => forged(Type.GENERALIZEDTIME, text).fractionalTime()).toThrow(DerError);
    expect(() => forged(Type.UTCTIME, '260102030405Z').fractionalTime()).toThrow(DerError);
  });

  it('ends with a value or a DerError, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          readAll(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

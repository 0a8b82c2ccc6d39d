import { SendingRate } from './sending-rate.ts';

/** Bytes that go out in so many seconds to each of these addresses, each taking portions as fast as it may. */
function sent(rate: (clock: () => number) => SendingRate, addresses: string[], seconds: number): number[] {
  let now = 0;
  const sending = rate(() => now);
  const readers = addresses.map((address) => ({ pace: sending.paceFor(address), readyAt: 0, bytes: 0 }));
  const portion = 16_384;
  for (; now < seconds * 1000; now += 1) {
    for (const reader of readers) {
      while (reader.readyAt <= now && reader.bytes < 1e9) {
        reader.readyAt = now + (reader.pace?.take(portion) ?? 0);
        if (reader.readyAt <= seconds * 1000) reader.bytes += portion;
      }
    }
  }
  return readers.map(({ bytes }) => bytes);
}
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

describe('A limit of what is sent', () => {
  it('holds for all addresses together', () => {
    const all = sent(
      (clock) => new SendingRate({ total: 1_000_000, perAddress: 0, clock }),
      ['10.0.0.1', '10.0.0.2'],
      20,
    );
    // A second's worth may go at once.
    expect(sum(all)).toBeGreaterThan(19_900_000);
    expect(sum(all)).toBeLessThanOrEqual(21_000_000);
    expect(Math.abs(all[0]! - all[1]!)).toBeLessThan(2_000_000);
  });

  it('holds for each address, whatever the others take', () => {
    const [one, other] = sent(
      (clock) => new SendingRate({ total: 0, perAddress: 500_000, clock }),
      ['10.0.0.1', '10.0.0.2'],
      20,
    );
    for (const bytes of [one!, other!]) {
      expect(bytes).toBeGreaterThan(9_900_000);
      expect(bytes).toBeLessThanOrEqual(10_500_000);
    }
  });

  it('counts what comes from one IPv6 network as one', () => {
    const both = sent(
      (clock) => new SendingRate({ total: 0, perAddress: 500_000, clock }),
      ['2001:db8::1', '2001:db8::ffff'],
      20,
    );
    expect(sum(both)).toBeLessThanOrEqual(10_500_000);
  });

  it('is none where none is set', () => {
    expect(new SendingRate({ total: 0, perAddress: 0 }).paceFor('10.0.0.1')).toBeUndefined();
  });
});

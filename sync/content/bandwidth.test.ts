import { Bandwidth as BandwidthPlan } from '../../config/content-sources.ts';
import { markWantedBySha1 } from '../../catalog/store/content/files.ts';
import {
  ContentRelay,
  generateContent,
  serveContent,
  servesRanges,
} from '../../scripts/testing/content-relay.ts';
import type { GeneratedContent } from '../../scripts/testing/content-relay.ts';
import { Bandwidth } from './bandwidth.ts';

const START = Date.parse('2026-05-01T12:00:00Z');
const SIGNAL = new AbortController().signal;

/** A limit over a clock that moves only while it is waited for. */
function limit(plan: unknown, time = START): { bandwidth: Bandwidth; clock: { time: number } } {
  const clock = { time };
  const bandwidth = new Bandwidth({
    plan: BandwidthPlan.parse(plan),
    now: () => new Date(clock.time),
    sleep: async (milliseconds) => {
      clock.time += milliseconds;
    },
  });
  return { bandwidth, clock };
}

describe('A limit of bandwidth', () => {
  it('lets so many bytes by in a second, and saves nothing up while nothing comes', async () => {
    const { bandwidth, clock } = limit({ bytesPerSecond: 10_000 });
    for (let taken = 0; taken < 100_000; taken += 5000) await bandwidth.take(5000, SIGNAL);
    expect(clock.time - START).toBe(10_000);
    clock.time += 3_600_000;
    await bandwidth.take(20_000, SIGNAL);
    expect(clock.time - START).toBe(3_600_000 + 12_000);
  });

  it('holds nothing back where there is none', async () => {
    const { bandwidth, clock } = limit({});
    await bandwidth.take(1e12, SIGNAL);
    expect(clock.time).toBe(START);
    expect(bandwidth.isLimiting).toBe(false);
  });

  it('is another one in its hours, in their time zone, over midnight too, from the very second', async () => {
    const plan = {
      bytesPerSecond: 1000,
      timeZone: 'Europe/Berlin',
      hours: [
        { from: '22:00', to: '06:00', bytesPerSecond: 0 },
        { from: '08:00', to: '18:00', bytesPerSecond: 2000 },
      ],
    };
    const took = async (time: string): Promise<number> => {
      const { bandwidth, clock } = limit(plan, Date.parse(time));
      await bandwidth.take(4000, SIGNAL);
      return clock.time - Date.parse(time);
    };
    // Berlin is two hours ahead of UTC in May.
    expect(await took('2026-05-01T12:00:00Z')).toBe(2000);
    expect(await took('2026-05-01T17:00:00Z')).toBe(4000);
    expect(await took('2026-05-01T20:00:00Z')).toBe(0);
    expect(await took('2026-05-02T03:59:59Z')).toBe(0);
    expect(await took('2026-05-02T04:00:00Z')).toBe(4000);
    // Two seconds at a thousand, then the hours with none begin.
    expect(await took('2026-05-01T19:59:58Z')).toBe(2000);
  });

  it('ends with the download that waits for it', async () => {
    const bandwidth = new Bandwidth({
      plan: BandwidthPlan.parse({ bytesPerSecond: 1000 }),
      now: () => new Date(),
    });
    const stopping = new AbortController();
    const taking = bandwidth.take(1e9, stopping.signal);
    stopping.abort();
    await expect(taking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('Downloads under a limit', () => {
  const files = [generateContent(300_000), generateContent(400_000)];

  /** Milliseconds of the test's clock that the files took, all of them from one server. */
  async function duration(
    plan: unknown,
    wanted: readonly GeneratedContent[],
    isWaitedFor = false,
  ): Promise<number> {
    const server = await serveContent((request, response) => {
      const file = files.find(({ path }) => request.url?.endsWith(path) === true);
      servesRanges(file?.bytes ?? Buffer.alloc(0))(request, response);
    });
    const relay = new ContentRelay(server.url, {
      bandwidth: BandwidthPlan.parse(plan),
      sleep: async (milliseconds) => {
        relay.time += milliseconds;
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    for (const file of wanted) relay.want(file);
    if (isWaitedFor)
      markWantedBySha1(
        relay.db,
        wanted.map(({ sha1 }) => sha1),
        new Date(relay.time),
      );
    await relay.run();
    expect(wanted.map((file) => relay.row(file).content_state)).toEqual(wanted.map(() => 'present'));
    const took = relay.time - START;
    await relay.close();
    await server.close();
    return took;
  }

  it('take as long as their bytes do, one alone', async () => {
    const took = await duration({ bytesPerSecond: 100_000 }, files.slice(0, 1));
    expect(took).toBeGreaterThanOrEqual(3000);
    // A wait is a whole number of milliseconds, so each of some twenty pieces may be one too long.
    expect(took).toBeLessThan(3100);
  });

  it('take no more of the line together than one would', async () => {
    expect(await duration({ bytesPerSecond: 100_000 }, files)).toBeGreaterThanOrEqual(7000);
  });

  it('of what a client waits for are limited too, unless that is said otherwise', async () => {
    expect(await duration({ bytesPerSecond: 100_000 }, files, true)).toBeGreaterThanOrEqual(7000);
    expect(await duration({ bytesPerSecond: 100_000, waitedFor: 'unlimited' }, files, true)).toBe(0);
  });
});

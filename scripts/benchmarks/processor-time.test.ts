import { processorSeconds } from './processor-time.ts';

describe('Processor time', () => {
  it('is what the process itself is told that it used, to the tick', () => {
    const own = (): number => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    };
    const before = own();
    const told = processorSeconds([process.pid]);
    const after = own();
    // Two figures, of user and system, each cut off to whole ticks.
    expect(told).toBeGreaterThan(before - 0.04);
    expect(told).toBeLessThan(after + 0.04);
  });

  it('of several processes is added up', () => {
    const one = processorSeconds([process.pid]);
    const two = processorSeconds([process.pid, process.pid]);
    expect(two).toBeGreaterThanOrEqual(2 * one);
  });
});

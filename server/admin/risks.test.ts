import { RESERVED_BYTES } from '../../catalog/free-space.ts';
import { nearlyFullDisk } from './risks.ts';

describe('A disk that is nearly full', () => {
  it('is a risk, with what is free, what is still to come and what to do', () => {
    const [risk, ...others] = nearlyFullDisk('/var/lib/sluice', RESERVED_BYTES, 3 * RESERVED_BYTES);
    expect(others).toEqual([]);
    expect(risk?.code).toBe('DISK_NEARLY_FULL');
    expect(risk?.text).toMatch(/\/var\/lib\/sluice has 1\.0 GB free, and content of 3\.0 GB.*Make room/);
    expect(nearlyFullDisk('/data', RESERVED_BYTES, 0)[0]?.text).not.toContain('still to come');
  });

  it('is none where all that is wanted fits beside what is reserved, twice', () => {
    expect(nearlyFullDisk('/data', 5 * RESERVED_BYTES, 3 * RESERVED_BYTES)).toEqual([]);
    expect(nearlyFullDisk('/data', 5 * RESERVED_BYTES, 3 * RESERVED_BYTES + 1)).toHaveLength(1);
  });
});

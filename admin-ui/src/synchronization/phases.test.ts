import { phaseShare, phaseState } from './phases.ts';

describe('the phases of a synchronization', () => {
  it('are done, going on or waiting, by the present one', () => {
    expect(phaseState('connect', 'updates')).toBe('done');
    expect(phaseState('updates', 'updates')).toBe('running');
    expect(phaseState('finish', 'updates')).toBe('waiting');
  });

  it('have no share while their size is not known, and never more than all', () => {
    expect(phaseShare(3, 0)).toBeUndefined();
    expect(phaseShare(50, 200)).toBe(0.25);
    expect(phaseShare(5, 4)).toBe(1);
  });
});

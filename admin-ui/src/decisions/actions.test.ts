import { ApprovalRequest } from '../../../protocol/console/approvals.ts';
import { ACTION_CHOICES, deadlineOf, mayHaveDeadline } from './actions.ts';

const GUID = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';

describe('a decision', () => {
  it('has words for every action that the relay takes', () => {
    for (const action of ACTION_CHOICES) {
      expect(ApprovalRequest.safeParse({ updateIds: [GUID], groupIds: [GUID], action }).success).toBe(true);
    }
    expect(new Set(ACTION_CHOICES).size).toBe(7);
  });

  it('has a deadline only where something is done by then', () => {
    expect(ACTION_CHOICES.filter(mayHaveDeadline)).toEqual(['Install', 'Uninstall']);
  });

  it('reads the deadline in the zone of the reader and sends it with an offset', () => {
    const deadline = deadlineOf('2026-03-04T18:30');
    expect(deadline).toBe(new Date(2026, 2, 4, 18, 30).toISOString());
    expect(
      ApprovalRequest.safeParse({ updateIds: [GUID], groupIds: [GUID], action: 'Install', deadline }).success,
    ).toBe(true);
  });

  it('has no deadline while none is entered whole', () => {
    expect(deadlineOf('')).toBeUndefined();
    expect(deadlineOf('2026-')).toBeUndefined();
  });
});

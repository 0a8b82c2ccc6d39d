import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { decisionWord } from '../states/approval-looks.ts';
import { texts as stateTexts } from '../states/texts.ts';
import { decidedGroups, presentState, stateAfter } from './present-state.ts';
import { texts } from './texts.ts';

const words = {
  decisions: texts.en,
  states: stateTexts.en,
  nameOf: (_groupId: string, name: string) => name,
};

const status = {
  NotInstalled: 0,
  Downloaded: 0,
  InstalledPendingReboot: 0,
  Installed: 0,
  Failed: 0,
  NotApplicable: 0,
  Unknown: 0,
};
const own = { action: 'Install', adminName: 'admin', changedAt: '2026-01-01T00:00:00Z' } as const;

function updateWith(
  groups: readonly Partial<UpdateDetails['groups'][number]>[],
): Pick<UpdateDetails, 'groups'> {
  return {
    groups: groups.map((group) => ({
      groupId: 'g',
      groupName: 'G',
      effective: 'NotApproved' as const,
      computers: 1,
      status,
      ...group,
    })),
  };
}

const inherited = updateWith([
  { groupId: 'all', groupName: 'All Computers', own, effective: 'Install' },
  { groupId: 'pilot', groupName: 'Pilot', effective: 'Install', inheritedFromGroupId: 'all' },
]);

describe('what a group gets now', () => {
  it('says where it comes from', () => {
    expect(presentState([inherited], 'all', words)).toBe('Install, set here');
    expect(presentState([inherited], 'pilot', words)).toBe('Install, from All Computers');
  });

  it('says so where the updates do not agree', () => {
    const other = updateWith([{ groupId: 'pilot', groupName: 'Pilot' }]);
    expect(presentState([inherited, other], 'pilot', words)).toBe('Differs among the updates');
    expect(presentState([other], 'pilot', words)).toBe('Not approved');
  });

  it('knows the groups that have a decision of their own', () => {
    expect(decidedGroups([inherited])).toEqual(new Set(['all']));
  });
});

describe('a decision in a preview', () => {
  it('is a word in each language, with its deadline as a date', () => {
    const deadline = new Date(2026, 2, 4, 3, 0).toISOString();
    expect(decisionWord('Declined', stateTexts.ko)).toBe('거부됨');
    expect(decisionWord(`Install, deadline ${deadline}`, stateTexts.en)).toBe(
      'Install, deadline Wed, Mar 4, 03:00',
    );
    expect(decisionWord(`Uninstall, deadline ${deadline}`, stateTexts.ko)).toBe(
      '제거, 기한 3월 4일 (수) 03:00',
    );
    expect(decisionWord('of a newer relay', stateTexts.ko)).toBe('of a newer relay');
  });
});

describe('what a group would get', () => {
  it('is what the preview changes, and nothing where it changes nothing', () => {
    const changes = [
      { groupId: 'pilot', groupName: 'Pilot', before: 'NotApproved', after: 'PreDeploymentCheck' },
    ];
    const preview = { updates: [{ changes }] };
    expect(stateAfter(preview, 'pilot', words)).toBe('Detect only');
    expect(stateAfter(preview, 'servers', words)).toBeUndefined();
    expect(stateAfter(undefined, 'pilot', words)).toBeUndefined();
  });
});

import { auditFilters, readAuditView } from './audit-url.ts';

const filtersOf = (search: string): ReturnType<typeof auditFilters> =>
  auditFilters(readAuditView(new URLSearchParams(search)));

describe('The address of the audit log', () => {
  it('says which entries are shown, and drops what nobody knows', () => {
    expect(
      filtersOf(
        'actor=Kim&actor=Lee&actorKind=user&actorKind=ghost&action=update.approve&subjectKind=group&subjectId=g1&search=x',
      ),
    ).toEqual({
      search: 'x',
      actorKind: ['user'],
      actor: ['Kim', 'Lee'],
      action: ['update.approve'],
      subjectKind: 'group',
      subjectId: 'g1',
      from: undefined,
      to: undefined,
    });
  });

  it("means whole days of the reader's, the last one too", () => {
    const { from, to } = filtersOf('from=2026-11-29&until=2026-11-30');
    expect([from, to]).toEqual([new Date(2026, 10, 29).toISOString(), new Date(2026, 11, 1).toISOString()]);
    expect(filtersOf('from=yesterday&until=2026-13-45')).toMatchObject({ from: undefined, to: undefined });
  });
});

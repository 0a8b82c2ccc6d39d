import { api } from '../../../protocol/console/api.ts';
import { readUpdatesView, updatesQuery } from './updates-url.ts';

describe('the list of updates in the address bar', () => {
  it('is read from what a shared link says', () => {
    const view = readUpdatesView(
      new URLSearchParams(
        'search=office&approval=Install&approval=Bogus&status=Failed&superseded=hide&sort=title&open=u1&tab=files',
      ),
    );
    expect(view).toMatchObject({
      search: 'office',
      approval: ['Install'],
      status: ['Failed'],
      superseded: 'hide',
      expired: 'show',
      sort: 'title',
      open: 'u1',
      tab: 'files',
    });
  });

  it('shows the newest first where nothing is said', () => {
    expect(updatesQuery(readUpdatesView(new URLSearchParams()))).toMatchObject({
      sort: '-arrived',
      search: undefined,
      status: undefined,
    });
  });

  it('asks for a KB article by its number, however it was written', () => {
    for (const written of ['KB5034441', 'kb5034441', '5034441', ' 5034441 ']) {
      expect(updatesQuery(readUpdatesView(new URLSearchParams({ kb: written }))).kb).toBe('5034441');
    }
  });

  it('never asks for what the relay would refuse, however long the address is', () => {
    const params = new URLSearchParams({
      search: 'x'.repeat(500),
      kb: '9'.repeat(60),
      sort: '-nonsense',
      approval: 'No',
    });
    const query = updatesQuery(readUpdatesView(params));
    expect(api.updates.query.safeParse(query).success).toBe(true);
  });

  it('keeps what opens the panel out of the question, so that opening a row reads no list again', () => {
    const asked = (search: string): string =>
      JSON.stringify(updatesQuery(readUpdatesView(new URLSearchParams(search))));
    expect(asked('product=p&open=u1&tab=status&state=Failed')).toBe(asked('product=p'));
  });
});

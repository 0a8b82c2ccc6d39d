import { api } from '../../../protocol/console/api.ts';
import { computersQuery, readComputersView } from './computers-url.ts';

describe('the list of computers in the address bar', () => {
  it('asks for the groups and states that a link of the overview names', () => {
    const view = readComputersView(new URLSearchParams('status=Failed&group=g1&group=g2&sort=lastContact'));
    expect(computersQuery(view)).toEqual({
      search: undefined,
      group: ['g1', 'g2'],
      status: ['Failed'],
      sort: 'lastContact',
    });
  });

  it('never asks for what the relay would refuse', () => {
    const view = readComputersView(
      new URLSearchParams({ search: 'y'.repeat(300), status: 'Broken', sort: 'age' }),
    );
    expect(api.computers.query.safeParse(computersQuery(view)).success).toBe(true);
  });
});

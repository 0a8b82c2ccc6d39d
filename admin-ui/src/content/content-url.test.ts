import { contentFilesQuery, readContentView } from './content-url.ts';

const viewOf = (search: string) => readContentView(new URLSearchParams(search));

describe('the address of the page of content', () => {
  it('is read with defaults that fit the tab, and what is not known is dropped', () => {
    expect(viewOf('')).toMatchObject({ tab: 'now', sort: '-changed', part: 'details', search: '' });
    expect(viewOf('tab=queue').sort).toBe('turn');
    expect(viewOf('tab=queue&sort=-size&aspect=later')).toMatchObject({ sort: '-size', aspect: 'later' });
    expect(viewOf('tab=elsewhere&sort=-turn&aspect=odd&verdict=MAYBE&part=all')).toEqual({
      ...viewOf(''),
      tab: 'now',
    });
  });

  it('asks for files of the state that the tab lists, narrowed by what that list can be narrowed to', () => {
    const view = viewOf('tab=files&aspect=later&verdict=TRUSTED&signer=CN%3DContoso&search=kb50');
    expect(contentFilesQuery(view, 'files')).toEqual({
      state: 'present',
      aspect: undefined,
      verdict: 'TRUSTED',
      signer: 'CN=Contoso',
      search: 'kb50',
      sort: '-changed',
    });
    expect(contentFilesQuery(view, 'queue')).toMatchObject({ state: 'wanted', aspect: 'later' });
    expect(contentFilesQuery(viewOf('tab=quarantine&aspect=refused'), 'quarantine')).toMatchObject({
      state: 'quarantined',
      aspect: 'refused',
    });
  });
});

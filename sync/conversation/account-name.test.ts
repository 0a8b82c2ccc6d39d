import { emptyDatabase } from '../../scripts/testing/empty-database.ts';
import { accountName, knownAccountName } from './account-name.ts';
import type { NameSources } from './account-name.ts';

const db = emptyDatabase();
afterEach(() => void db.exec("DELETE FROM setting WHERE name = 'sync.account-name'"));
afterAll(() => db.close());

const named = (host: string, resolve: NameSources['resolve']) =>
  accountName(db, { host, patience: 50, ...(resolve === undefined ? {} : { resolve }) });
const answering = (name: string) => () => Promise.resolve(name);
const failing = () => Promise.reject(new Error('ENOTFOUND'));
const silent = () => new Promise<string>(() => undefined);

describe('the name that a relay introduces itself by', () => {
  it('is the fully qualified one: that of the host where it has a domain, else the one that the resolver knows', async () => {
    expect(await named('branch.example.org', failing)).toBe('branch.example.org');
    expect(await named('branch', answering('Branch.example.org'))).toBe('Branch.example.org');
    expect(knownAccountName(db, 'branch')).toBe('Branch.example.org');
  });

  it.each(['localhost', 'other.example.org', 'branch', '192.0.2.1', 'branch.exa mple', 'branch.'])(
    'is not %j, which a resolver may say of a host named branch',
    async (name) => {
      expect(await named('branch', answering(name))).toBe('branch');
    },
  );

  it('stays when the resolver fails or is silent, and is another once the host is', async () => {
    await named('branch', answering('branch.example.org'));
    expect(await named('branch', failing)).toBe('branch.example.org');
    expect(await named('branch', silent)).toBe('branch.example.org');
    expect(await named('renamed', silent)).toBe('renamed');
    expect(knownAccountName(db, 'renamed')).toBe('renamed');
  });
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DirectoryLockedError, lockDirectory } from './directory-lock.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('A data directory', () => {
  it('has one server at a time', () => {
    const lock = lockDirectory(folder);
    expect(() => lockDirectory(folder)).toThrow(DirectoryLockedError);
    expect(() => lockDirectory(folder)).toThrow(
      `Another Sluice (process ${process.pid}) is running on ${folder}. Stop it, or give this one a dataDirectory of its own.`,
    );
    lock.release();
    lockDirectory(folder).release();
  });

  it('stays locked though nobody keeps what locking it gave', async () => {
    const module = fileURLToPath(new URL('./directory-lock.ts', import.meta.url));
    const script = join(folder, 'forgetful.mjs');
    writeFileSync(
      script,
      `import { lockDirectory } from ${JSON.stringify(module)}; lockDirectory(${JSON.stringify(folder)}); setTimeout(() => { gc(); setTimeout(() => process.send('collected'), 50); }, 50); setInterval(() => {}, 1000);`,
    );
    const holder = fork(script, [], { execArgv: ['--expose-gc'] });
    await once(holder, 'message');
    try {
      expect(() => lockDirectory(folder)).toThrow(DirectoryLockedError);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
  });

  it('is free again when the process that held it was killed', async () => {
    const module = fileURLToPath(new URL('./directory-lock.ts', import.meta.url));
    const script = join(folder, 'holder.mjs');
    writeFileSync(
      script,
      `import { DirectoryLockedError, lockDirectory } from ${JSON.stringify(module)}; lockDirectory(${JSON.stringify(folder)}); process.send('held'); setInterval(() => {}, 1000);`,
    );
    const holder = fork(script, [], { execArgv: [] });
    await once(holder, 'message');
    expect(() => lockDirectory(folder)).toThrow(`process ${holder.pid}`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockDirectory(folder).release();
  });
});

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import.meta.jest.setTimeout(180_000);

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function run(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('exit', (status) => resolve({ status, output }));
  });
}

describe('the demonstration, once through', () => {
  it('synchronizes, approves, downloads, installs and reports, and says with its exit status that all of it happened', async () => {
    const { status, output } = await run(['--once']);
    expect(output).toContain('No product and no classification is chosen');
    expect(output).toMatch(/synchronized +[1-9]\d* revisions, [1-9]\d* updates/);
    expect(output).toMatch(/downloaded +[1-9]\d* files/);
    expect(output).toMatch(/reported +[1-9]\d* events acknowledged/);
    expect(status).toBe(0);
  });

  it('refuses an option that it does not know', async () => {
    const { status, output } = await run(['--twice']);
    expect(status).toBe(2);
    expect(output).toContain('--twice');
  });
});

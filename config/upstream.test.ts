/** What is to be said of an upstream server, and what is known of Microsoft's. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from './load.ts';
import { MICROSOFT_PIN } from './microsoft.ts';
import type { Config } from './schema.ts';

const OTHER_PIN = `sha256/${'A'.repeat(43)}=`;

function load(yaml: string, env: NodeJS.ProcessEnv = {}): Config {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.yaml');
  writeFileSync(file, yaml);
  return loadConfig({ file, env });
}

describe('An upstream server', () => {
  it('is none where the key is left out, or nothing stands behind it', () => {
    expect(load('').upstream).toBeUndefined();
    expect(load('upstream:\n').upstream).toBeUndefined();
  });

  it.each(['upstream: {}', "upstream: { url: 'https://sws.update.microsoft.com' }"])(
    "of which no more is said than `%s` is Microsoft's, with what is shipped for it",
    (yaml) => {
      const { upstream } = load(yaml);
      expect(upstream).toMatchObject({ url: 'https://sws.update.microsoft.com', pins: [MICROSOFT_PIN] });
      expect(upstream).not.toHaveProperty('trustAnchors');
    },
  );

  it("is Microsoft's with the pins that are given instead", () => {
    expect(load(`upstream: { pins: ['${OTHER_PIN}'] }`).upstream).toMatchObject({
      url: 'https://sws.update.microsoft.com',
      pins: [OTHER_PIN],
    });
  });

  it('of anybody else needs a pin, and the complaint says how to get one', () => {
    expect(() => load("upstream: { url: 'https://wsus.example.org:8531' }")).toThrow(
      /upstream\.pins.*nothing.*not empty, of sha256\/.*\.\/scripts\/sluice upstream pin/s,
    );
    expect(() => load("upstream: { url: 'https://microsoft.com.example.org' }")).toThrow(/upstream\.pins/);
  });

  it("cannot be Microsoft's for a replica", () => {
    expect(() => load('upstream: { mode: replica }')).toThrow(/upstream\.mode.*"replica".*its url/s);
  });

  it('can be set by the environment alone', () => {
    expect(load('', { SLUICE_UPSTREAM__URL: 'https://sws.update.microsoft.com' }).upstream?.pins).toEqual([
      MICROSOFT_PIN,
    ]);
  });
});

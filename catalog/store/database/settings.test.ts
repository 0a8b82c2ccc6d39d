import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from './database.ts';
import { advanceGeneration, readGeneration } from './generation.ts';
import { readSetting, writeSetting } from './settings.ts';

const openEmpty = () => openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));

describe('A setting', () => {
  it('is what was written last', () => {
    const db = openEmpty();
    const schema = z.object({ hours: z.array(z.int()) });
    expect(readSetting(db, 'schedule', schema)).toBeUndefined();
    writeSetting(db, 'schedule', { hours: [1] });
    writeSetting(db, 'schedule', { hours: [3, 15] });
    expect(readSetting(db, 'schedule', schema)).toEqual({ hours: [3, 15] });
    db.close();
  });

  it('is refused where it is not what the reader expects', () => {
    const db = openEmpty();
    writeSetting(db, 'schedule', { hours: 'at noon' });
    expect(() => readSetting(db, 'schedule', z.object({ hours: z.array(z.int()) }))).toThrow(z.ZodError);
    db.close();
  });
});

describe("The catalogue's generation", () => {
  it('grows by one, and not at all where the change was undone', () => {
    const db = openEmpty();
    const before = readGeneration(db);
    advanceGeneration(db);
    expect(() =>
      db.transaction(() => {
        advanceGeneration(db);
        throw new Error('undone');
      })(),
    ).toThrow('undone');
    expect(readGeneration(db)).toBe(before + 1);
    db.close();
  });
});

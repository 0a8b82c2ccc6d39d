/** What this process holds, garbage left out: for tests of what is kept while something is under way. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

let collectGarbage: (() => void) | undefined;

export function memoryInUse(): NodeJS.MemoryUsage {
  setFlagsFromString('--expose_gc');
  collectGarbage ??= z
    .custom<() => void>((value) => typeof value === 'function')
    .parse(runInNewContext('gc'));
  collectGarbage();
  return process.memoryUsage();
}

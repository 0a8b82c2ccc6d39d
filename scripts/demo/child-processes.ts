/** The processes that a process started, as the system tells (Linux): for measurements, and for tests that end one. */
import { readFileSync, readdirSync } from 'node:fs';

export interface ChildOfProcess {
  readonly processId: number;
  /** Its arguments, the program first. */
  readonly command: readonly string[];
}

/** Those that live now; none where the system does not tell. */
export function childProcesses(processId: number): readonly ChildOfProcess[] {
  return everyProcess().flatMap((candidate) =>
    parentOf(candidate) === processId ? [{ processId: candidate, command: commandOf(candidate) }] : [],
  );
}

/** Bytes in memory; undefined where the system does not tell, or the process has ended. */
export function residentBytes(processId: number | undefined): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${processId}/status`))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function everyProcess(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Undefined for one that ended and was not waited for yet, too. */
function parentOf(processId: number): number | undefined {
  const status = read(`/proc/${processId}/status`);
  if (/^State:\s+Z/m.test(status)) return undefined;
  const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

const commandOf = (processId: number): readonly string[] =>
  read(`/proc/${processId}/cmdline`)
    .split('\0')
    .filter((argument) => argument !== '');

/** Empty for a process that has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

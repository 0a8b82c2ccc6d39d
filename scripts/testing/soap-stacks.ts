/** Debian's SOAP stacks for tests that generate a client from our WSDL: whether they are here. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Not the first `python3` on the path: Debian's packages belong to Debian's own. */
export const PYTHON = '/usr/bin/python3';

const hasZeep =
  existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import zeep'], { stdio: 'ignore' }).status === 0;
const hasGsoap = ['/usr/bin/wsdl2h', '/usr/bin/soapcpp2', '/usr/bin/g++', '/usr/include/stdsoap2.h'].every(
  (path) => existsSync(path),
);
const isCi = process.env['CI'] !== undefined;

export interface SoapStack {
  /** In CI it must be here, elsewhere its tests need the packages. */
  readonly runs: boolean;
  /** To be part of a skipped test's name, so that the screen says why it did not run. */
  readonly skipReason: string;
}

const stack = (isHere: boolean, packages: string): SoapStack => ({
  runs: isCi || isHere,
  skipReason: isCi || isHere ? '' : ` (NOT run: install Debian's packages ${packages})`,
});

export const zeep = stack(hasZeep, 'python3-zeep');
export const gsoap = stack(hasGsoap, 'gsoap, libgsoap-dev and g++');

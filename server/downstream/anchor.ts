/** Anchors in WSUS's form, `<counter>,yyyy-MM-dd HH:mm:ss.fff` ([MS-WSUSSS] 3.1.4.5, note 34). */
import { SoapFault } from '../../protocol/soap/fault.ts';

const FORM = /^(\d{1,15}),(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3})$/;

/** @param at ISO 8601 UTC */
export function formatAnchor(counter: number, at: string): string {
  return `${counter},${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}`;
}

/**
 * The counter of an anchor that was issued here; 0 where none was given.
 *
 * @throws SoapFault InvalidParameters, naming `filter` as Windows servers do
 */
export function parseAnchor(anchor: string | undefined): number {
  if (anchor === undefined || anchor === '') return 0;
  return readAnchor(anchor, 'filter').counter;
}

export interface AnchorParts {
  readonly counter: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/**
 * Both parts of an anchor.
 *
 * @param parameter what the fault names
 * @throws SoapFault InvalidParameters where it has not the form of one
 */
export function readAnchor(anchor: string, parameter: string): AnchorParts {
  const match = FORM.exec(anchor);
  const date =
    match === null ? Number.NaN : Date.parse(`${anchor.slice(anchor.indexOf(',') + 1).replace(' ', 'T')}Z`);
  if (match === null || Number.isNaN(date)) throw new SoapFault('InvalidParameters', parameter);
  return { counter: Number(match[1]), at: new Date(date).toISOString() };
}

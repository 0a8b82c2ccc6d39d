/** What is new in one answer, until the page is full ([MS-WUSP] 3.1.5.7, Truncated). */
import type { OfferedRevision, PageLimits } from './scan.ts';

export class ScanPage {
  readonly newUpdates: OfferedRevision[] = [];
  readonly #limits: PageLimits;
  #bytes = 0;
  #truncated = false;

  constructor(limits: PageLimits) {
    this.#limits = limits;
  }

  /** Whether something was left for the next answer. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Whether everything that was new is here and none of it could be a prerequisite of more: agents ask no further. */
  get isLast(): boolean {
    return !this.#truncated && this.newUpdates.every(({ isLeaf }) => isLeaf);
  }

  /**
   * Takes the revision, or leaves it for the next answer. Once one is left all that come after are, however small: they
   * may depend on it. The first always fits, so that a scan comes to its end.
   */
  add(offered: OfferedRevision): void {
    this.#truncated ||= this.newUpdates.length > 0 && !this.#fits(offered);
    if (this.#truncated) return;
    this.newUpdates.push(offered);
    this.#bytes += offered.core.length;
  }

  /** Looks at the fragment only where there is room for another: it is made when it is first looked at. */
  #fits(offered: OfferedRevision): boolean {
    const { pageSize, pageBytes } = this.#limits;
    return this.newUpdates.length < pageSize && this.#bytes + offered.core.length <= pageBytes;
  }
}

/**
 * How much of requests and of answers nobody fetches is held at once. One body is bounded by `limits.requestBytes`; without
 * this, whoever opens many connections and finishes no request would still decide how much memory there is to be.
 */

const MEGABYTE = 1024 * 1024;
/** Bytes of everybody's requests together. */
export const MOST = 256 * MEGABYTE;
/** Bytes of one address's, so that one peer cannot use up what is there for all. */
export const MOST_OF_ONE = 64 * MEGABYTE;

/** What one request holds. */
export interface Holding {
  /** @returns false where there is no room for as many bytes more; then they are not counted */
  add(bytes: number): boolean;
  /** Counts an answer that there is, room or not: while there is none, requests to come are refused. */
  addAnswer(bytes: number): void;
  /** Gives back all of it. */
  release(): void;
  /** The same for good: what is added afterwards does not count. */
  end(): void;
}

/** What the requests of one address hold together. */
interface Share {
  readonly address: string;
  bytes: number;
  /** Exchanges that have not ended. */
  open: number;
}

export class BodyBudget {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #byAddress = new Map<string, Share>();
  #held = 0;

  /** @param requestBytes the largest request, which always has room when nothing else is held */
  constructor(requestBytes: number, most = MOST, mostOfOne = MOST_OF_ONE) {
    this.#mostOfOne = Math.max(mostOfOne, requestBytes);
    this.#most = Math.max(most, this.#mostOfOne);
  }

  /** Bytes that are held now. */
  get held(): number {
    return this.#held;
  }

  /** Addresses with exchanges that have not ended. */
  get addresses(): number {
    return this.#byAddress.size;
  }

  /** For one request of this address; `end` is to be called on it, whatever happens. */
  open(address: string): Holding {
    let share = this.#byAddress.get(address);
    if (share === undefined) {
      share = { address, bytes: 0, open: 0 };
      this.#byAddress.set(address, share);
    }
    share.open += 1;
    return new BudgetHolding(this, share);
  }

  /** Whether as many bytes more have room. */
  hasRoom(share: Readonly<Share>, bytes: number): boolean {
    return this.#held + bytes <= this.#most && share.bytes + bytes <= this.#mostOfOne;
  }

  count(share: Share, bytes: number): void {
    this.#held += bytes;
    share.bytes += bytes;
  }

  close(share: Share): void {
    share.open -= 1;
    if (share.open === 0) this.#byAddress.delete(share.address);
  }
}

class BudgetHolding implements Holding {
  readonly #budget: BodyBudget;
  readonly #share: Share;
  #own = 0;
  #hasEnded = false;

  constructor(budget: BodyBudget, share: Share) {
    this.#budget = budget;
    this.#share = share;
  }

  add(bytes: number): boolean {
    const hasRoom = this.#budget.hasRoom(this.#share, bytes);
    if (hasRoom) this.addAnswer(bytes);
    return hasRoom;
  }

  addAnswer(bytes: number): void {
    if (this.#hasEnded) return;
    this.#budget.count(this.#share, bytes);
    this.#own += bytes;
  }

  release(): void {
    this.addAnswer(-this.#own);
  }

  end(): void {
    if (this.#hasEnded) return;
    this.release();
    this.#hasEnded = true;
    this.#budget.close(this.#share);
  }
}

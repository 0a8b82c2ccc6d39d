/**
 * How much of requests and of answers nobody fetches is held at once. One body is bounded by `limits.requestBytes`; without
 * this, whoever opens many connections and finishes no request would still decide how much memory there is to be.
 */

const MEGABYTE = 1024 * 1024;
/** Bytes of everybody's requests together. */
const MOST = 256 * MEGABYTE;
/** Bytes of one address's, so that one peer cannot use up what is there for all. */
const MOST_OF_ONE = 64 * MEGABYTE;

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

export class BodyBudget {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #byAddress = new Map<string, number>();
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

  /** For one request of this address. */
  open(address: string): Holding {
    let own = 0;
    let hasEnded = false;
    const count = (bytes: number): void => {
      if (hasEnded) return;
      this.#count(address, bytes);
      own += bytes;
    };
    return {
      add: (bytes) => {
        const ofAddress = (this.#byAddress.get(address) ?? 0) + bytes;
        const hasRoom = this.#held + bytes <= this.#most && ofAddress <= this.#mostOfOne;
        if (hasRoom) count(bytes);
        return hasRoom;
      },
      addAnswer: count,
      release: () => count(-own),
      end: () => {
        count(-own);
        hasEnded = true;
      },
    };
  }

  #count(address: string, bytes: number): void {
    this.#held += bytes;
    const ofAddress = (this.#byAddress.get(address) ?? 0) + bytes;
    if (ofAddress === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, ofAddress);
  }
}

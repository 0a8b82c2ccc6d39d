/** Identities of revisions by the hundred thousand, twenty bytes each: as objects they take ten times that. */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';

/** A guid and a 32-bit number. */
const GUID_BYTES = 16;
const RECORD_BYTES = 20;
const FIRST_CAPACITY = 1024;

export class IdentityList implements Iterable<UpdateIdentity> {
  #records = Buffer.alloc(FIRST_CAPACITY * RECORD_BYTES);
  #length = 0;

  /** How many were added, the same one counted each time. */
  get length(): number {
    return this.#length;
  }

  /** @param identity with a guid as it is read from the wire: lower case, with its hyphens */
  add({ updateId, revisionNumber }: UpdateIdentity): void {
    const at = this.#length * RECORD_BYTES;
    if (at === this.#records.length) {
      const larger = Buffer.alloc(2 * this.#records.length);
      this.#records.copy(larger);
      this.#records = larger;
    }
    this.#records.write(updateId.replaceAll('-', ''), at, GUID_BYTES, 'hex');
    this.#records.writeInt32LE(revisionNumber, at + GUID_BYTES);
    this.#length += 1;
  }

  /** In the order in which they were added. */
  *[Symbol.iterator](): Generator<UpdateIdentity, void> {
    for (let at = 0; at < this.#length * RECORD_BYTES; at += RECORD_BYTES) {
      const hex = this.#records.toString('hex', at, at + GUID_BYTES);
      const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
      yield { updateId: parts.join('-'), revisionNumber: this.#records.readInt32LE(at + GUID_BYTES) };
    }
  }
}

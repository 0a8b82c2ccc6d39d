/** Update documents as GetUpdateData gives them out ([MS-WSUSSS] 3.1.4.6), packed once for all who ask. */
import { createHash } from 'node:crypto';
import { BoundedCache } from '../../catalog/bounded-cache.ts';
import type { StoredText } from '../../catalog/store/database/deflated-text.ts';
import { restoreText } from '../../catalog/store/database/deflated-text.ts';
import { writeCabinet } from '../../protocol/cabinet/write-cabinet.ts';

/** Bytes in UTF-16 above which Windows servers compress a document ([MS-WSUSSS] 3.1.4.6, note 36). */
const LONGEST_PLAIN = 5120;

/** Bytes that are kept: what several relays that synchronize at the same hour ask for one after the other. */
const MOST = 32 * 1024 * 1024;
/** What an entry costs beside its bytes. */
const ENTRY = 200;

/** "This field MUST be absent if XmlUpdateBlobCompressed is present", and the other way round. */
type Blob = { readonly XmlUpdateBlob: string } | { readonly XmlUpdateBlobCompressed: Buffer };

export interface PackedDocument {
  readonly blob: Blob;
  /** Of the element's content. */
  readonly bytes: number;
}

export class PackedDocuments {
  readonly #kept: BoundedCache<PackedDocument>;

  /** @param most bytes that are kept */
  constructor(most = MOST) {
    this.#kept = new BoundedCache(most, ({ bytes }, key) => bytes + key.length + ENTRY);
  }

  /** @param stored as the store keeps it; it is known again by its digest, so that nothing stale is given out */
  async pack(stored: StoredText): Promise<PackedDocument> {
    const key = createHash('sha256').update(stored).digest('base64');
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const blob = await packed(restoreText(stored));
    const document = { blob, bytes: bytesOf(blob) };
    this.#kept.set(key, document);
    return document;
  }
}

async function packed(document: string): Promise<Blob> {
  const wide = Buffer.from(document, 'utf16le');
  return wide.length > LONGEST_PLAIN
    ? { XmlUpdateBlobCompressed: await writeCabinet(wide) }
    : { XmlUpdateBlob: document };
}

/** What is escaped grows by five letters at most, and a plain document is short. */
const bytesOf = (blob: Blob): number =>
  'XmlUpdateBlob' in blob
    ? Buffer.byteLength(blob.XmlUpdateBlob) + 5 * (blob.XmlUpdateBlob.match(/[<>&"']/g)?.length ?? 0)
    : Math.ceil(blob.XmlUpdateBlobCompressed.length / 3) * 4;

/** Fetches update documents, and finds out which of a batch the server withholds. */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { FetchedBatch, FetchedDocument } from './document-import.ts';
import { isOfTheRequest } from './refused-together.ts';
import type { Upstream } from './upstream.ts';
import { UpstreamError } from './upstream-error.ts';

/** Withheld documents in one synchronization; more of them mean that the server is at fault, not a document. */
const MOST_WITHHELD = 20;

export class DocumentFetch {
  readonly #upstream: Upstream;
  #withheld = 0;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /**
   * Every document that was asked for, each with its XML or with why it has none. One revision that the server does not
   * have fails its whole answer, and large documents together can be more than one answer may hold, so a batch that
   * comes to nothing is asked for again in halves.
   */
  async fetch(identities: readonly UpdateIdentity[], signal: AbortSignal): Promise<FetchedBatch> {
    signal.throwIfAborted();
    try {
      const { documents, fileUrls } = await this.#upstream.updateData(identities, signal);
      const delivered = new Map(documents.map((document) => [nameOf(document), document]));
      const left = identities.filter((identity) => !delivered.has(nameOf(identity)));
      // An answer holds as much as the server allows it ([MS-WSUSSS] 3.1.4.6, note 37): the rest is asked for again.
      if (left.length > 0 && left.length < identities.length) {
        const rest = await this.fetch(left, signal);
        return {
          documents: [...documents, ...rest.documents],
          fileUrls: new Map([...fileUrls, ...rest.fileUrls]),
        };
      }
      return { documents: identities.map((identity) => this.#find(identity, delivered)), fileUrls };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const [first] = identities;
      if (first !== undefined && identities.length === 1) {
        this.#countWithheld(error);
        const reason =
          error instanceof SoapFault
            ? `The upstream server answered with the fault ${error.errorCode} when asked for it.`
            : error.message;
        return { documents: [{ ...first, document: { problem: reason } }], fileUrls: new Map() };
      }
    }
    const half = Math.ceil(identities.length / 2);
    const front = await this.fetch(identities.slice(0, half), signal);
    const back = await this.fetch(identities.slice(half), signal);
    return {
      documents: [...front.documents, ...back.documents],
      fileUrls: new Map([...front.fileUrls, ...back.fileUrls]),
    };
  }

  #find(identity: UpdateIdentity, delivered: ReadonlyMap<string, FetchedDocument>): FetchedDocument {
    const found = delivered.get(nameOf(identity));
    if (found !== undefined) return found;
    this.#countWithheld(undefined);
    return { ...identity, document: { problem: 'The upstream server left it out of its answer.' } };
  }

  #countWithheld(cause: unknown): void {
    this.#withheld += 1;
    if (this.#withheld > MOST_WITHHELD) {
      const message = `The upstream server listed more than ${MOST_WITHHELD} updates that it did not deliver when asked for them.`;
      throw new UpstreamError('documents', message, { cause });
    }
  }
}

const nameOf = ({ updateId, revisionNumber }: UpdateIdentity): string => `${updateId}/${revisionNumber}`;

/** Of these documents together, not of the server as a whole. */
const isRefusal = (error: unknown): error is SoapFault | UpstreamError =>
  error instanceof UpstreamError ? error.check === 'size' : isOfTheRequest(error);

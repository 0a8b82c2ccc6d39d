/** The console of a relay that really fetches: two sources, one of which alters what it has, and a policy on signatures. */
import { dirname, join } from 'node:path';
import winston from 'winston';
import { extensionOf } from '../../catalog/content-path.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { ContentDownloads } from '../../sync/content/content-downloads.ts';
import { ConsoleHarness } from '../fixtures/console-harness.ts';
import { knowFile, sampleOf } from './content-files.ts';
import type { ContentSample } from './content-files.ts';
import { serveContent, type ContentServer } from './content-relay.ts';
import { guidOf, writeDocument } from './update-documents.ts';

/** Nobody is trusted, so that what must be signed is refused. */
const REQUIRE: ContentSignaturePolicy = { isRequired: true, roots: [], acceptsSha1: false };

/** Milliseconds between pieces of what comes slowly. */
const TICK = 100;

interface Offer {
  readonly bytes: Buffer;
  /** As the first source has it. */
  readonly altered?: Buffer;
  /** Its second half comes in small pieces until the scene says otherwise. */
  readonly isSlow?: boolean;
}

export class ContentScene {
  readonly harness: ConsoleHarness;
  /** Whether the second source answers. */
  isSecondThere = false;
  /** Whether what comes slowly still does. */
  isSlow = true;
  readonly #offers = new Map<string, Offer>();
  readonly #servers: ContentServer[];
  readonly #downloads: ContentDownloads;

  private constructor(
    harness: ConsoleHarness,
    servers: ContentServer[],
    offers: Map<string, Offer>,
    downloads: (scene: ContentScene) => ContentDownloads,
  ) {
    this.harness = harness;
    this.#servers = servers;
    this.#offers = offers;
    this.#downloads = downloads(this);
  }

  static async start(pagesFolder?: string): Promise<ContentScene> {
    const offers = new Map<string, Offer>();
    let scene: ContentScene | undefined;
    const offerAt = (url: string | undefined): Offer | undefined =>
      offers.get((/([0-9A-F]{40})/.exec(url ?? '')?.[1] ?? '').toLowerCase());
    const first = await serveContent(({ url }, response) => {
      const offer = offerAt(url);
      const bytes = offer?.altered ?? offer?.bytes;
      if (bytes === undefined) response.writeHead(404).end();
      else if (offer?.isSlow === true) void pour(bytes, response, () => scene?.isSlow !== true);
      else response.end(bytes);
    });
    const second = await serveContent(({ url }, response) => {
      const offer = offerAt(url);
      if (offer === undefined || scene?.isSecondThere !== true) response.writeHead(503).end();
      else response.end(offer.bytes);
    });
    const sources = [first.url, second.url];
    const harness = await ConsoleHarness.start({
      catalogue: false,
      config: { content: { sources, signatures: 'require', quota: 2_000_000_000 } },
      context: {
        ...(pagesFolder === undefined ? {} : { pagesFolder }),
        sync: {
          send: ({ type }) => type === 'content-wanted' && scene?.fetch(),
          onMessage: () => () => undefined,
          lastProgress: () => undefined,
        },
      },
    });
    // What a browser shows of times is by its own clock.
    harness.clock.now = new Date();
    scene = new ContentScene(
      harness,
      [first, second],
      offers,
      () =>
        new ContentDownloads({
          db: harness.db,
          log: winston.createLogger({ silent: true }),
          now: () => new Date(),
          send: (message) => harness.tell(message),
          folder: join(dirname(harness.db.name), 'content'),
          isStored: true,
          onRequest: false,
          parallelDownloads: 2,
          sources,
          signatures: REQUIRE,
        }),
    );
    return scene;
  }

  /** An update with this one file, which the sources have. */
  offer(number: number, fileName: string, offer: Offer): ContentSample {
    const { db, clock } = this.harness;
    const sample = sampleOf(offer.bytes);
    this.#offers.set(sample.sha1, offer);
    const document = writeDocument({
      updateId: guidOf(number),
      properties: { ExplicitlyDeployable: 'true' },
      texts: [
        { language: 'en', title: `2026-11 Cumulative Update ${number} for Windows 11 (KB50${number})` },
      ],
    });
    importRevisions(db, [{ document, fileUrls: new Map() }], clock.now);
    knowFile(db, sample, 'absent', extensionOf(fileName));
    db.prepare(
      `INSERT INTO revision_file (revision_id, sha1, file_name)
       SELECT revision_id, ?, ? FROM revision WHERE update_id = ?`,
    ).run(sample.sha1, fileName, guidOf(number));
    return sample;
  }

  /** As the sync worker does when it is told. */
  fetch(): void {
    this.#downloads.wake();
  }

  /** Settles when nothing is being fetched. */
  async settled(): Promise<void> {
    await this.#downloads.settled();
  }

  async close(): Promise<void> {
    this.isSlow = false;
    await this.#downloads.stop();
    for (const server of this.#servers) await server.close();
    await this.harness.close();
  }
}

async function pour(
  bytes: Buffer,
  response: import('node:http').ServerResponse,
  isOver: () => boolean,
): Promise<void> {
  response.setHeader('content-length', bytes.length);
  const half = Math.floor(bytes.length / 2);
  response.write(bytes.subarray(0, half));
  let sent = half;
  while (!isOver() && !response.destroyed && sent + 1000 < bytes.length) {
    response.write(bytes.subarray(sent, (sent += 1000)));
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
  response.end(bytes.subarray(sent));
}

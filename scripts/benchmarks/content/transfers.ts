/** Downloads over keep-alive connections whose bytes nobody looks at: as little work as a client can have. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { LOOPBACK } from '../../demo/ports.ts';

const READ_BYTES = 1_048_576;
const HEAD_END = '\r\n\r\n';

/** One connection, one request at a time. */
class Download {
  readonly #socket: Socket;
  #head = '';
  /** Bytes of the body that are still to come; undefined while the head is read. */
  #missing: number | undefined;
  #done: { resolve: () => void; reject: (error: Error) => void } | undefined;
  bytes = 0;

  constructor(port: number, buffer: Buffer) {
    this.#socket = connect({
      host: LOOPBACK,
      port,
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          this.#take(buffer, length);
          return true;
        },
      },
    });
    const fail = (error: Error): void => this.#done?.reject(error);
    this.#socket.on('error', fail);
    this.#socket.on('close', () =>
      fail(new Error('The server closed the connection before its answer was whole.')),
    );
  }

  /** @param range bytes, both ends included */
  fetch(url: string, range?: readonly [number, number]): Promise<void> {
    const line = range === undefined ? '' : `Range: bytes=${range[0]}-${range[1]}\r\n`;
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      this.#socket.write(`GET ${url} HTTP/1.1\r\nHost: ${LOOPBACK}\r\n${line}\r\n`);
    });
  }

  close(): void {
    this.#done = undefined;
    this.#socket.destroy();
  }

  #take(buffer: Buffer, length: number): void {
    let inBody = length;
    if (this.#missing === undefined) {
      const seen = this.#head.length;
      this.#head += buffer.toString('latin1', 0, Math.min(length, 4096));
      const end = this.#head.indexOf(HEAD_END);
      if (end < 0) return;
      const status = this.#head.slice(9, 12);
      const contentLength = /\r\ncontent-length: *(\d+)/i.exec(this.#head.slice(0, end))?.[1];
      if ((status !== '200' && status !== '206') || contentLength === undefined) {
        this.#done?.reject(new Error(`A download was answered with: ${this.#head.slice(0, end)}`));
        return;
      }
      this.#missing = Number(contentLength);
      inBody = length - (end + HEAD_END.length - seen);
      this.#head = '';
    }
    this.bytes += inBody;
    this.#missing -= inBody;
    if (this.#missing > 0) return;
    this.#missing = undefined;
    this.#done?.resolve();
  }
}

export interface TransferLoad {
  readonly port: number;
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Of the next request, both ends included; left out: the whole file. */
  readonly nextRange?: () => readonly [number, number];
}

export interface TransferResult {
  readonly megabytesPerSecond: number;
  readonly requestsPerSecond: number;
}

/** @throws Error where an answer is not a file */
export async function runTransfers({
  port,
  url,
  connections,
  seconds,
  nextRange,
}: TransferLoad): Promise<TransferResult> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const downloads = Array.from({ length: connections }, () => new Download(port, buffer));
  let requests = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const work = async (download: Download): Promise<void> => {
    while (performance.now() < end) {
      await download.fetch(url, nextRange?.());
      requests += 1;
    }
  };
  try {
    await Promise.all(downloads.map(work));
  } finally {
    for (const download of downloads) download.close();
  }
  const elapsed = (performance.now() - start) / 1000;
  const bytes = downloads.reduce((sum, download) => sum + download.bytes, 0);
  return { megabytesPerSecond: bytes / elapsed / 1e6, requestsPerSecond: requests / elapsed };
}

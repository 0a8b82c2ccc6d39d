/** Answers `GET` and `HEAD` with a file that is open: conditions, ranges, and what happens when the peer goes away. */
import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf } from '../../config/error-facts.ts';
import { answerBare } from '../http/answer.ts';
import { contentRange, parseRange } from './byte-ranges.ts';
import type { ByteRange } from './byte-ranges.ts';
import { evaluatePreconditions } from './preconditions.ts';

/** Whoever opened the handle closes it. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly modified: Date;
}

export interface FileHeaders {
  /** Strong, with its quotes. */
  readonly etag: string;
  readonly cacheControl: string;
}

/** Milliseconds that a reader may take for a quarter of a megabyte; the thinnest line is faster. */
const PATIENCE = 600_000;

/** Whole, in ranges, or the status that the request's conditions come to (RFC 9110 13, 14). */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: OpenFile,
  { etag, cacheControl }: FileHeaders,
  patience = PATIENCE,
): Promise<void> {
  const common = {
    ETag: etag,
    'Last-Modified': file.modified.toUTCString(),
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
  };
  const precondition = evaluatePreconditions(request.headers, { etag, lastModified: file.modified });
  if (precondition === 304) {
    response.writeHead(304, common).end();
    return;
  }
  if (precondition === 412) {
    answerBare(response, 412);
    return;
  }
  // Range is defined for GET alone (RFC 9110 14.2).
  const isRanged = request.method === 'GET' && precondition === 'proceed';
  const answer = parseRange(isRanged ? request.headers.range : undefined, file.size);
  if (answer.kind === 'unsatisfiable') {
    answerBare(response, 416, { ...common, 'Content-Range': `bytes */${file.size}` });
  } else if (answer.kind === 'whole') {
    const whole = { first: 0, last: file.size - 1 };
    await sendSingle(request, response, file, whole, 200, common, patience);
  } else if (answer.ranges.length === 1) {
    const [only] = answer.ranges;
    await sendSingle(
      request,
      response,
      file,
      only,
      206,
      {
        ...common,
        'Content-Range': contentRange(only, file.size),
      },
      patience,
    );
  } else {
    await sendMultipart(response, file, answer.ranges, common, patience);
  }
}

const CONTENT_TYPE = 'application/octet-stream';

async function sendSingle(
  request: IncomingMessage,
  response: ServerResponse,
  file: OpenFile,
  range: ByteRange,
  status: number,
  headers: OutgoingHttpHeaders,
  patience: number,
): Promise<void> {
  response.writeHead(status, {
    ...headers,
    'Content-Type': CONTENT_TYPE,
    'Content-Length': range.last - range.first + 1,
  });
  if (request.method === 'HEAD') response.end();
  else await stream(readRange(file.handle, range), response, patience);
}

/** `multipart/byteranges` (RFC 9110 14.6), with its whole length known beforehand. */
async function sendMultipart(
  response: ServerResponse,
  file: OpenFile,
  ranges: readonly ByteRange[],
  headers: OutgoingHttpHeaders,
  patience: number,
): Promise<void> {
  const boundary = randomUUID();
  const heads = ranges.map((range, index) =>
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${CONTENT_TYPE}\r\nContent-Range: ${contentRange(range, file.size)}\r\n\r\n`,
    ),
  );
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  const length = ranges.reduce(
    (sum, { first, last }, index) => sum + (heads[index]?.length ?? 0) + last - first + 1,
    end.length,
  );
  response.writeHead(206, {
    ...headers,
    'Content-Type': `multipart/byteranges; boundary=${boundary}`,
    'Content-Length': length,
  });
  const parts = async function* (): AsyncGenerator<Buffer> {
    for (const [index, range] of ranges.entries()) {
      yield heads[index] ?? Buffer.alloc(0);
      yield* readRange(file.handle, range);
    }
    yield end;
  };
  await stream(parts(), response, patience);
}

const READ_BYTES = 256 * 1024;

/** The file is shorter than when its header was sent. */
class ContentShrank extends Error {
  readonly code = 'CONTENT_SHRANK';
}

/** A new buffer a chunk: the socket may still hold the one before. */
async function* readRange(handle: FileHandle, { first, last }: ByteRange): AsyncGenerator<Buffer> {
  for (let position = first; position <= last;) {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, last - position + 1));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) throw new ContentShrank(`The file ends at byte ${position}, before ${last + 1}.`);
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

const EXPECTED_ENDS: ReadonlySet<string | undefined> = new Set([
  'CONTENT_SHRANK',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ECONNRESET',
  'EPIPE',
]);

/**
 * A client that goes away, or reads next to nothing, or a file that shrinks, ends the connection; none is an error of the
 * server's.
 *
 * @param patience milliseconds for each chunk
 */
async function stream(
  chunks: AsyncIterable<Buffer>,
  response: ServerResponse,
  patience: number,
): Promise<void> {
  const slow = setTimeout(() => response.destroy(), patience);
  const taken = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      slow.refresh();
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.from(taken(), { objectMode: false, highWaterMark: READ_BYTES }), response);
  } catch (error) {
    response.destroy();
    if (!EXPECTED_ENDS.has(codeOf(error))) throw error;
  } finally {
    clearTimeout(slow);
  }
}

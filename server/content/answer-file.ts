/** Answers `GET` and `HEAD` with content: conditions and ranges (RFC 9110 13, 14). */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { answerBare } from '../http/answer.ts';
import { contentRange, parseRange } from './byte-ranges.ts';
import type { ByteRange } from './byte-ranges.ts';
import type { ContentSender, ContentSource, Pace } from './content-sender.ts';
import { evaluatePreconditions } from './preconditions.ts';

export interface FileHeaders {
  /** Strong, with its quotes. */
  readonly etag: string;
  readonly cacheControl: string;
}

const CONTENT_TYPE = 'application/octet-stream';

/** Whole, in ranges, or the status that the request's conditions come to. */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  source: ContentSource,
  { etag, cacheControl }: FileHeaders,
  sender: ContentSender,
  pace?: Pace,
): Promise<void> {
  const common = {
    ETag: etag,
    'Last-Modified': source.modified.toUTCString(),
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
  };
  const precondition = evaluatePreconditions(request.headers, { etag, lastModified: source.modified });
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
  const answer = parseRange(isRanged ? request.headers.range : undefined, source.size);
  if (answer.kind === 'unsatisfiable') {
    answerBare(response, 416, { ...common, 'Content-Range': `bytes */${source.size}` });
    return;
  }
  const body = answer.kind === 'whole' ? wholeBody(source.size) : rangedBody(answer.ranges, source.size);
  response.writeHead(body.status, { ...common, ...body.headers });
  if (source.isArriving === true) response.flushHeaders();
  if (request.method === 'HEAD') response.end();
  else await sender.send(response, source, body.pieces, pace);
}

interface Body {
  readonly status: 200 | 206;
  readonly headers: OutgoingHttpHeaders;
  readonly pieces: readonly (Buffer | ByteRange)[];
}

const wholeBody = (size: number): Body => ({
  status: 200,
  headers: { 'Content-Type': CONTENT_TYPE, 'Content-Length': size },
  pieces: [{ first: 0, last: size - 1 }],
});

function rangedBody(ranges: readonly [ByteRange, ...ByteRange[]], size: number): Body {
  const [only] = ranges;
  if (ranges.length > 1) return multipartBody(ranges, size);
  return {
    status: 206,
    headers: {
      'Content-Type': CONTENT_TYPE,
      'Content-Range': contentRange(only, size),
      'Content-Length': lengthOf(only),
    },
    pieces: [only],
  };
}

/** `multipart/byteranges` (RFC 9110 14.6), with its whole length known beforehand. */
function multipartBody(ranges: readonly ByteRange[], size: number): Body {
  const boundary = randomUUID();
  const pieces: (Buffer | ByteRange)[] = ranges.flatMap((range, index) => [
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${CONTENT_TYPE}\r\nContent-Range: ${contentRange(range, size)}\r\n\r\n`,
    ),
    range,
  ]);
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  return {
    status: 206,
    headers: {
      'Content-Type': `multipart/byteranges; boundary=${boundary}`,
      'Content-Length': pieces.reduce(
        (sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : lengthOf(piece)),
        0,
      ),
    },
    pieces,
  };
}

const lengthOf = ({ first, last }: ByteRange): number => last - first + 1;

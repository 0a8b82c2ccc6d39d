/** Sends the answer to a message: its headers, its coding, and what it counts for while it is under way. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SoapVersion } from '../../protocol/soap/codec.ts';
import { xpressBlocks } from '../../protocol/xpress/stream-encoder.ts';
import type { Holding } from '../http/body-budget.ts';
import { chooseCoding } from '../http/compression.ts';
import type { ContentCoding } from '../http/compression.ts';
import type { PreparedEnvelope } from './implementation.ts';
import { SharedBlocks } from './shared-blocks.ts';

/** Answers below this are sent as they are, as WSUS does: compressing them costs more than it saves. */
const COMPRESS_FROM = 1024;
/** Xpress blocks that are written before others have a turn: a quarter of a megabyte, two milliseconds. */
const BLOCKS_AT_ONCE = 16;
/** Answers below this are copied together: many small pieces cost a socket more than one. Measured. */
const JOIN_BELOW = 32 * 1024;

const CONTENT_TYPES = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
};

const compress = promisify(gzip);
/** For all endpoints: the same update is the same bytes wherever it is asked for. */
const sharedBlocks = new SharedBlocks();

/** What is needed of an exchange to answer it. */
export interface EnvelopeExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the request, then its answer, counts for; until the answer is gone. */
  readonly holding: Holding;
}

/** Answers with an envelope, or a service's description. */
export async function answerEnvelope(
  { request, response, holding }: EnvelopeExchange,
  status: number,
  envelope: PreparedEnvelope,
  soapVersion: SoapVersion,
): Promise<void> {
  holding.release();
  const mayCompress = sizeOf(envelope.chunks) >= COMPRESS_FROM;
  const coding = mayCompress ? chooseCoding(request.headers['accept-encoding']) : 'identity';
  const body = await encode(envelope, coding, holding);
  const size = sizeOf(body);
  holding.release();
  holding.addAnswer(size);
  response.writeHead(status, {
    'Content-Type': CONTENT_TYPES[soapVersion],
    'Cache-Control': 'private',
    ...(mayCompress ? { Vary: 'Accept-Encoding' } : {}),
    ...(coding === 'identity' ? {} : { 'Content-Encoding': coding }),
    'Content-Length': size,
  });
  sendAtOnce(response, body, size);
}

const sizeOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

/** What is made on the way counts too: a peer may ask for the next hundred answers before the first is packed. */
async function encode(
  envelope: PreparedEnvelope,
  coding: ContentCoding,
  holding: Holding,
): Promise<readonly Buffer[]> {
  const { chunks } = envelope;
  if (coding === 'identity') return chunks;
  if (coding === 'xpress') return await packXpress(envelope, holding);
  const whole = Buffer.concat(chunks);
  holding.addAnswer(whole.length);
  return [await compress(whole)];
}

async function packXpress(
  { chunks, shared }: PreparedEnvelope,
  holding: Holding,
): Promise<readonly Buffer[]> {
  const packed: Buffer[] = [];
  const pack = async (blocks: Generator<Buffer>): Promise<void> => {
    for (const block of blocks) {
      packed.push(block);
      holding.addAnswer(block.length);
      if (packed.length % BLOCKS_AT_ONCE === 0) await setImmediate();
    }
  };
  await pack(sharedBlocks.blocksOf(chunks.slice(0, shared)));
  await pack(xpressBlocks(chunks.slice(shared)));
  return packed;
}

/** Head and body in one write to the socket. */
function sendAtOnce(response: ServerResponse, pieces: readonly Buffer[], size: number): void {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) {
    response.end(first);
    return;
  }
  if (size < JOIN_BELOW) {
    response.end(Buffer.concat(pieces, size));
    return;
  }
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
  response.uncork();
}

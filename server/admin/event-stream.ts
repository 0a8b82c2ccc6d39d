/** `GET /api/events`: server-sent events (WHATWG HTML 9.2) of synchronizations and of changed data. */
import type { Request, RequestHandler, Response } from 'express';
import { isSessionOpen } from '../../catalog/store/access/console-sessions.ts';
import type { WorkerMessage } from '../../protocol/channel/messages.ts';
import type { ChangeWatch } from './change-watch.ts';
import type { ConsoleContext } from './context.ts';
import { ApiProblem } from './problems.ts';
import { requireSession } from './session-guard.ts';

/** Milliseconds; keeps proxies from taking the stream for dead. */
const HEARTBEAT = 15_000;
const MOST_STREAMS = 200;
/** Bytes waiting for a reader that does not read, after which the stream ends. */
const MOST_WAITING = 1_000_000;

export function eventStream(context: ConsoleContext, watch: ChangeWatch): RequestHandler {
  let streams = 0;
  return (request, response) => {
    const session = requireSession(context, request, 'session');
    if (streams >= MOST_STREAMS) {
      throw new ApiProblem(
        503,
        'TOO_MANY_STREAMS',
        `There are ${MOST_STREAMS} open consoles already. Close one.`,
      );
    }
    streams += 1;
    const stream = openStream(request, response);
    stream.send('open', {});
    const running = context.sync.lastProgress();
    if (running !== undefined) tell(stream, running);
    const stops = [
      watch.onChanged(() => stream.send('changed', {})),
      context.sync.onMessage((message) => tell(stream, message)),
    ];
    const heartbeat = setInterval(() => {
      if (isSessionOpen(context.db, session.tokenHash, context.now())) stream.comment('still here');
      else stream.end();
    }, HEARTBEAT).unref();
    response.once('close', () => {
      streams -= 1;
      clearInterval(heartbeat);
      for (const stop of stops) stop();
    });
  };
}

interface Stream {
  send(event: string, data: unknown): void;
  comment(text: string): void;
  end(): void;
}

function openStream(request: Request, response: Response): Stream {
  request.socket.setNoDelay(true);
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const write = (text: string): void => {
    if (response.writableLength > MOST_WAITING) response.destroy();
    else if (!response.writableEnded) response.write(text);
  };
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    comment: (text) => write(`: ${text}\n\n`),
    end: () => void response.end(),
  };
}

/** What the worker says of content and the catalogue is in the database, and told as `changed`. */
function tell(stream: Stream, message: WorkerMessage): void {
  switch (message.type) {
    case 'progress':
    case 'finished':
      stream.send(message.type, message);
      break;
    case 'catalogue-changed':
    case 'content':
      stream.send('changed', {});
      break;
    case 'ready':
      break;
  }
}

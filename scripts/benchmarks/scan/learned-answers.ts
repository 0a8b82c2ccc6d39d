/** Answers that a process of the benchmark was given beforehand, by the `x-key` of the request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';

const Lesson = z.object({ key: z.string(), body: z.base64() });
const NOTHING = Buffer.alloc(0);
const answers = new Map<string, Buffer>();

/** Takes in what the parent sends from now on, and ends with it. */
export function learnAnswers(): void {
  process.on('message', (message) => {
    const { key, body } = Lesson.parse(message);
    answers.set(key, Buffer.from(body, 'base64'));
  });
  process.on('disconnect', () => process.exit(0));
}

export function giveAnswer(request: IncomingMessage, response: ServerResponse): void {
  const body = answers.get(String(request.headers['x-key'])) ?? NOTHING;
  response.writeHead(body === NOTHING ? 404 : 200, {
    'content-type': 'text/xml; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
}

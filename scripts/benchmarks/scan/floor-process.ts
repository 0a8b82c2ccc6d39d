/**
 * The floor: a bare node:http server that reads each request whole and answers bytes it was given beforehand, chosen
 * by the request's `x-key`. No scan of any design could be quicker on node:http.
 */
import { createServer } from 'node:http';
import { z } from 'zod';

const answers = new Map<string, Buffer>();
const NOTHING = Buffer.alloc(0);

const messageSchema = z.object({ key: z.string(), body: z.base64() });

const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    const body = answers.get(String(request.headers['x-key'])) ?? NOTHING;
    response.writeHead(body === NOTHING ? 404 : 200, {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': body.length,
    });
    response.end(body);
  });
});

process.on('message', (message) => {
  const { key, body } = messageSchema.parse(message);
  answers.set(key, Buffer.from(body, 'base64'));
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});

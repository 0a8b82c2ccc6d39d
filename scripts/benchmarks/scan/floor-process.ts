/**
 * The floor: a bare node:http server that reads each request whole and answers bytes it was given beforehand, chosen
 * by the request's `x-key`. No scan of any design could be quicker on node:http.
 */
import { createServer } from 'node:http';
import { giveAnswer, learnAnswers } from './learned-answers.ts';

const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => giveAnswer(request, response));
});

learnAnswers();
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});

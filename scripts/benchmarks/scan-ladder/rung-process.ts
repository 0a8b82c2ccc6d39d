/**
 * A server that does a part of what ours does with each request, and answers it from memory as the floor does. Its
 * arguments are the rung and a folder for its database.
 */
import { join } from 'node:path';
import winston from 'winston';
import { z } from 'zod';
import { CommitGroup } from '../../../catalog/store/database/commit-group.ts';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { INSERT_EVENT } from '../../../catalog/store/reports/reports.ts';
import type { EventRow } from '../../../catalog/store/reports/reports.ts';
import { readRequest } from '../../../protocol/soap/codec.ts';
import type { Service } from '../../../protocol/soap/table.ts';
import { clientService } from '../../../protocol/wusp/client.ts';
import { ReportEventBatch, reportingService } from '../../../protocol/wusp/reporting.ts';
import { simpleAuthService } from '../../../protocol/wusp/simple-auth.ts';
import { BodyBudget } from '../../../server/http/body-budget.ts';
import { createDispatcher } from '../../../server/http/dispatcher.ts';
import type { Handler } from '../../../server/http/dispatcher.ts';
import { listen } from '../../../server/http/listener.ts';
import { RateLimit } from '../../../server/http/rate-limit.ts';
import { readBody } from '../../../server/http/request-body.ts';
import { giveAnswer, learnAnswers } from '../scan/learned-answers.ts';
import { isRung } from './rung.ts';

const [, , rung, folder = ''] = process.argv;
if (!isRung(rung)) throw new Error(`There is no rung ${rung}.`);

const REQUEST_BYTES = 4 * 1024 * 1024;
const Report = z.object({
  eventBatch: z.array(z.object({ BasicData: z.object({ EventInstanceID: z.string() }) })),
});

const bodies = new BodyBudget(REQUEST_BYTES);
const keep = rung === 'commit' ? openStore() : undefined;

/** Keeps one event durably, together with those of others that came with it. */
function openStore(): (eventInstanceId: string) => Promise<unknown> {
  const db = openDatabase(join(folder, 'sluice.db'));
  const commits = CommitGroup.of(db);
  const insert = db.prepare<EventRow>(INSERT_EVENT);
  return (id) =>
    commits.add(() => {
      const now = new Date().toISOString();
      insert.run(id, 'computer', 147, null, null, 0, 'AutomaticUpdates', now, now, '{}');
    });
}

async function take(service: Service, body: Buffer): Promise<void> {
  if (rung === 'listen') return;
  const { operation, request } = readRequest(service, body);
  if (keep === undefined || operation !== ReportEventBatch) return;
  const { eventBatch } = Report.parse(request);
  for (const { BasicData } of eventBatch) await keep(BasicData.EventInstanceID);
}

const handlerOf =
  (service: Service): Handler =>
  async (request, response) => {
    const holding = bodies.open(request.socket.remoteAddress ?? '');
    response.once('close', () => holding.end());
    await take(service, await readBody(request, { limit: REQUEST_BYTES, holding }));
    giveAnswer(request, response);
  };

learnAnswers();
const services = [clientService, simpleAuthService, reportingService];
const listener = await listen({
  endpoint: { address: '127.0.0.1', port: 0, protocol: 'http', minimumTls: 'TLSv1.2' },
  key: 'listeners.client.0',
  handler: createDispatcher(
    {
      exact: new Map(services.map((service) => [service.path.toLowerCase(), handlerOf(service)])),
      prefixes: [],
    },
    new RateLimit(0),
    winston.createLogger({ level: 'warn', transports: [new winston.transports.Console()] }),
  ),
});
process.send?.({ port: listener.port });

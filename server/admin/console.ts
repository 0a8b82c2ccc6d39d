/** The console: its REST API under `/api`, its stream of events, its pages. */
import express from 'express';
import type { Express } from 'express';
import { answerFailures, createApiRouter, refuseUnknownRoute } from './api-router.ts';
import { apiDocument, apiReference, apiReferenceStyle } from './api-reference.ts';
import { auditExport } from './audit-export.ts';
import { auditRoutes } from './audit-routes.ts';
import { ChangeWatch } from './change-watch.ts';
import { computerRoutes } from './computer-routes.ts';
import type { ConsoleContext } from './context.ts';
import { contentRoutes } from './content-routes.ts';
import { decisionRoutes } from './decision-routes.ts';
import { eventStream } from './event-stream.ts';
import { downstreamRoutes } from './downstream-routes.ts';
import { groupRoutes } from './group-routes.ts';
import type { Handlers } from './handlers.ts';
import { overviewRoutes } from './overview-routes.ts';
import { pages } from './pages.ts';
import { ruleRoutes } from './rule-routes.ts';
import { securityHeaders } from './security-headers.ts';
import { sessionRoutes } from './session-routes.ts';
import { synchronizationRoutes } from './synchronization-routes.ts';
import { userRoutes } from './user-routes.ts';
import { updateRoutes } from './update-routes.ts';

export type { ConsoleContext } from './context.ts';

/** An express application, to be called with each request of the console's listeners. It keeps nothing open itself. */
export function createConsole(context: ConsoleContext): Express {
  const handlers: Handlers = {
    ...sessionRoutes(context),
    ...overviewRoutes(context),
    ...updateRoutes(context),
    ...decisionRoutes(context),
    ...ruleRoutes(context),
    ...groupRoutes(context),
    ...computerRoutes(context),
    ...contentRoutes(context),
    ...downstreamRoutes(context),
    ...synchronizationRoutes(context),
    ...userRoutes(context),
    ...auditRoutes(context),
  };
  const watch = new ChangeWatch(context.db);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', false);
  app.use(securityHeaders(context.config));
  app.get('/api/events', eventStream(context, watch));
  app.get('/api/audit/export', auditExport(context));
  app.get('/api/openapi.json', apiDocument(context));
  app.get('/api/reference', apiReference(context));
  app.get('/api/reference.css', apiReferenceStyle);
  app.use(
    '/api',
    createApiRouter(context, handlers, () => {
      context.changed?.();
      watch.check();
    }),
  );
  app.use('/api', refuseUnknownRoute);
  app.use(pages(context.pagesFolder));
  app.use(answerFailures(context));
  return app;
}

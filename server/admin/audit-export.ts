/** `GET /api/audit/export`: the audit log as a file that comes as it is read, whatever its length. */
import type { RequestHandler } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportAudit } from '../../catalog/store/audit/audit-export.ts';
import { codeOf } from '../../config/error-facts.ts';
import { AuditExportQuery } from '../../protocol/console/audit.ts';
import { queryOf } from './api-router.ts';
import type { ConsoleContext } from './context.ts';
import { ApiProblem, schemaProblem } from './problems.ts';
import { requirePermissionOf, requireSession } from './session-guard.ts';

/** At once; each holds a part of the log in memory and takes turns with agents. */
const MOST_EXPORTS = 4;

const TYPES: Readonly<Record<AuditExportQuery['format'], string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
};

export function auditExport(context: ConsoleContext): RequestHandler {
  let exports = 0;
  return async (request, response) => {
    requirePermissionOf(requireSession(context, request, 'session'), 'administer');
    const query = AuditExportQuery.safeParse(queryOf(request, AuditExportQuery));
    if (!query.success) throw schemaProblem('query', query.error);
    if (exports >= MOST_EXPORTS)
      throw new ApiProblem(
        503,
        'TOO_MANY_EXPORTS',
        `${MOST_EXPORTS} exports are under way. Try again later.`,
      );
    const { format } = query.data;
    const day = context.now().toISOString().slice(0, 10);
    response.set({
      'Content-Type': TYPES[format],
      'Content-Disposition': `attachment; filename="sluice-audit-${day}.${format}"`,
      'Cache-Control': 'no-store',
    });
    exports += 1;
    try {
      await pipeline(Readable.from(exportAudit(context.db, query.data)), response);
    } catch (error) {
      // Who asked went away; anything else ends the answer early, which whoever reads it sees.
      if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE')
        context.log.error('The audit log could not be exported', { error });
    } finally {
      exports -= 1;
    }
  };
}

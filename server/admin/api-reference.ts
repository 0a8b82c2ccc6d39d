/** The document of the API, and a page of it that people read: rendered here, without a script. */
import type { RequestHandler } from 'express';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { openApiDocument } from '../../protocol/console/openapi.ts';
import type { OpenApiDocument, Operation } from '../../protocol/console/openapi.ts';
import type { ConsoleContext } from './context.ts';
import { requirePermissionOf, requireSession } from './session-guard.ts';

const Manifest = z.object({ version: z.string() });

const readVersion = (): string =>
  Manifest.parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

let made: OpenApiDocument | undefined;
const documentNow = (): OpenApiDocument => (made ??= openApiDocument(readVersion()));

/** `GET /api/openapi.json`, for whoever may read: it says nothing of what is here, but which program this is. */
export const apiDocument =
  (context: ConsoleContext): RequestHandler =>
  (request, response) => {
    requirePermissionOf(requireSession(context, request, 'session'), 'read');
    response.set('Cache-Control', 'no-store').json(documentNow());
  };

/** `GET /api/reference`. */
export const apiReference =
  (context: ConsoleContext): RequestHandler =>
  (request, response) => {
    requirePermissionOf(requireSession(context, request, 'session'), 'read');
    response.set('Cache-Control', 'no-store').type('html').send(pageOf(documentNow()));
  };

/** `GET /api/reference.css`: the policy of the console's pages lets no style in that stands in a page. */
export const apiReferenceStyle: RequestHandler = (_request, response) => {
  response.type('css').send(STYLE);
};

const STYLE = `:root { color-scheme: light dark; }
body { font: 15px/1.5 'Segoe UI', system-ui, sans-serif; max-width: 960px; margin: 0 auto; padding: 16px; }
h2 { margin-top: 40px; } h3 { margin: 28px 0 4px; overflow-wrap: anywhere; }
code, pre { font-family: Consolas, 'SF Mono', Menlo, monospace; font-size: 13px; }
pre { overflow-x: auto; padding: 12px; border: 1px solid #8886; border-radius: 4px; }
.method { display: inline-block; min-width: 4.5em; font-weight: 600; }
.who { opacity: 0.75; } nav a { margin-right: 12px; } table { border-collapse: collapse; }
td, th { text-align: left; padding: 4px 12px 4px 0; vertical-align: top; overflow-wrap: anywhere; }`;

function pageOf({ info, paths }: OpenApiDocument & { readonly info?: unknown }): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '');
  const { version = '', description = '' } = z
    .object({ version: z.string(), description: z.string() })
    .partial()
    .parse(info ?? {});
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sluice API</title><link rel="stylesheet" href="/api/reference.css"></head><body>
<h1>Sluice API ${escape(version)}</h1><p>${escape(description)}</p>
<p><a href="/api/openapi.json">openapi.json</a> is this page for programs.</p>
<nav>${[...byTag.keys()].map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join('')}</nav>
${[...byTag]
  .map(
    ([tag, those]) =>
      `<h2 id="${escape(tag)}">${escape(tag)}</h2>${those
        .map(({ path, method, operation }) => sectionOf(path, method, operation))
        .join('\n')}`,
  )
  .join('\n')}
</body></html>`;
}

const Parameter = z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() });
const Content = z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) });

function sectionOf(path: string, method: string, operation: Operation): string {
  const parameters = z.array(Parameter).parse(operation.parameters);
  const rows = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${escape(place)}${required ? '' : ', optional'}</td><td><code>${escape(JSON.stringify(schema))}</code></td></tr>`,
  );
  return `<section><h3><span class="method">${method}</span> <code>${escape(path)}</code></h3>
<p>${escape(operation.summary)} <span class="who">${escape(operation.description)}</span></p>
${rows.length === 0 ? '' : `<table><tr><th>Parameter</th><th>In</th><th>Schema</th></tr>${rows.join('')}</table>`}
${schemaIn('Body', operation.requestBody)}${schemaIn('Answer', operation.responses['200'])}</section>`;
}

function schemaIn(title: string, value: unknown): string {
  const read = Content.safeParse(value);
  const [first] = read.success ? Object.values(read.data.content) : [];
  if (first === undefined) return '';
  return `<details><summary>${title}</summary><pre>${escape(JSON.stringify(first.schema, undefined, 2))}</pre></details>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '');

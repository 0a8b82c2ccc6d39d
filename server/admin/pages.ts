/** The console's pages: files of the build, and its one document for every address that a page has. */
import express from 'express';
import type { RequestHandler } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT_CONSOLE = fileURLToPath(new URL('../../admin-ui/dist/', import.meta.url));

const NOT_BUILT = `The console's pages are not built. Run ./scripts/start, which builds them, or "npx vite build admin-ui",
and load this address again. The relay itself works without them.
`;

/** @param folder where the build is; default `admin-ui/dist` */
export function pages(folder = BUILT_CONSOLE): RequestHandler {
  const document = join(folder, 'index.html');
  const files = express.static(folder, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      // The build names assets by their content.
      const isForever = path.startsWith(join(folder, 'assets'));
      response.set('Cache-Control', isForever ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.status(405).set('Allow', 'GET, HEAD').type('text/plain').send('Only GET.\n');
      return;
    }
    files(request, response, (error?: unknown) => {
      if (error !== undefined) {
        next(error);
      } else if (isFileName(request.path)) {
        response.status(404).type('text/plain').send('There is no such file.\n');
      } else if (!existsSync(document)) {
        response.status(503).type('text/plain').send(NOT_BUILT);
      } else {
        response.set('Cache-Control', 'no-cache').sendFile(document, next);
      }
    });
  };
}

/** Addresses of pages have no dot in their last part; what has one is a file that is missing. */
const isFileName = (path: string): boolean => /\.[^/]*$/.test(path);

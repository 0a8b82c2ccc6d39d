/**
 * Imported before any schema is declared: the console's Content-Security-Policy forbids code from strings, so zod must
 * not try it.
 */
import { z } from 'zod';

z.config({ jitless: true });

/** Short names of languages, as update documents have them. */
import { z } from 'zod';

export const Language = z
  .string()
  .regex(/^[a-z]{2,3}(-[a-z]{2,4})?$/i)
  .toLowerCase()
  .describe('a language as in en or pt-br');

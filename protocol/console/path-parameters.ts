/** What a parameter of a path may be, by its name. */
import { z } from 'zod';

export const PATH_PARAMETERS: Readonly<Record<string, z.ZodType<string>>> = {
  updateId: z.guid().toLowerCase(),
  groupId: z.guid().toLowerCase(),
  computerId: z.string().min(1).max(100).toLowerCase(),
  serverId: z.guid().toLowerCase(),
  accountId: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .describe('the number of an account'),
  ruleId: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .describe('the number of a rule'),
  sequence: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .describe('the number of an entry'),
  sha1: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{40}$/)
    .describe('a SHA-1: 40 hex digits'),
};

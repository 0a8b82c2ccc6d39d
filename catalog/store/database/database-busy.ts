/** Another process kept the database for longer than a statement waits. */
import { z } from 'zod';

/** SQLite names what was busy behind it: `SQLITE_BUSY_SNAPSHOT`, `SQLITE_BUSY_RECOVERY`. */
const Busy = z.object({ code: z.string().startsWith('SQLITE_BUSY') });

export const isDatabaseBusy = (error: unknown): boolean => Busy.safeParse(error).success;

/** Where content may be fetched from, and how fast. */
import { z } from 'zod';

/** The upstream server, the URL in the metadata, another relay or a folder. */
export const ContentSourceName = z
  .string()
  .refine((name) => name === 'upstream' || name === 'cdn' || isHttpUrl(name) || name.includes('/'))
  .describe(
    'upstream, cdn, the http:// or https:// URL of another Sluice, or the path of a folder, with a / in it',
  );

export const isHttpUrl = (name: string): boolean => /^https?:\/\//i.test(name) && URL.canParse(name);

/** Whether a source is a path, and so relative to the configuration. */
export const isFolder = (name: string): boolean => name !== 'upstream' && name !== 'cdn' && !isHttpUrl(name);

/** Bytes a second; less than a kilobyte would hold every connection for hours. */
const Rate = z
  .int()
  .refine((rate) => rate === 0 || rate >= 1000)
  .describe('0 for no limit, or bytes a second from 1000');

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('a time of day as in 08:30');

export const Bandwidth = z.strictObject({
  /** For all downloads together; 0 for no limit. */
  bytesPerSecond: Rate.default(0),
  /** Hours with another limit; the first that fits counts. */
  hours: z
    .array(z.strictObject({ from: TimeOfDay, to: TimeOfDay, bytesPerSecond: Rate }))
    .min(1)
    .optional(),
  /** Of the hours. */
  timeZone: z
    .string()
    .refine(isTimeZoneName)
    .describe('a time zone as in Europe/Berlin or UTC')
    .default('UTC'),
  /** Whether what a client waits for is limited too. */
  waitedFor: z.enum(['limited', 'unlimited']).default('limited'),
});
export type Bandwidth = z.infer<typeof Bandwidth>;

function isTimeZoneName(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

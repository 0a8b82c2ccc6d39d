/**
 * What the server process and its web workers say to each other over their IPC channel, where `server.workers` is more
 * than one. Both sides parse what arrives; everything that must survive is in the database, never only here.
 */
import { z } from 'zod';

/** PEM, with the issuers behind the certificate. */
export const WebCertificate = z.strictObject({ certificate: z.string(), key: z.string() });

/** A socket by the configuration's key path, `listeners.client.0`. */
const SocketKey = z.string().min(1);
const Milliseconds = z.int().min(0);

/** Server process to web worker. */
export const WebWorkerCommand = z.discriminatedUnion('type', [
  /** The answer to `started`: the sockets to listen on, in the configuration's order. */
  z.strictObject({
    type: z.literal('open'),
    sockets: z.array(
      z.strictObject({
        key: SocketKey,
        /** Never 0: the same one for every worker. */
        port: z.int().min(1).max(65_535),
        /** For https. */
        certificate: WebCertificate.optional(),
      }),
    ),
  }),
  /** For connections to come. */
  z.strictObject({
    type: z.literal('certificates'),
    certificates: z.array(z.strictObject({ key: SocketKey, certificate: WebCertificate })),
  }),
  /** Take no more connections, answer what is under way within the grace, put everything away and end. */
  z.strictObject({ type: z.literal('shutdown'), grace: Milliseconds }),
]);
export type WebWorkerCommand = z.infer<typeof WebWorkerCommand>;

/** Web worker to server process. */
export const WebWorkerReport = z.discriminatedUnion('type', [
  /** Its database is open; it waits for `open`. */
  z.strictObject({ type: z.literal('started') }),
  z.strictObject({
    type: z.literal('listening'),
    sockets: z.array(
      z.strictObject({ key: SocketKey, address: z.string(), port: z.int().min(1).max(65_535) }),
    ),
  }),
  /** Why it ends without having listened, in words for the administrator. */
  z.strictObject({ type: z.literal('failed'), code: z.string(), message: z.string() }),
  /** Files became wanted; for the sync worker. */
  z.strictObject({ type: z.literal('content-wanted') }),
]);
export type WebWorkerReport = z.infer<typeof WebWorkerReport>;

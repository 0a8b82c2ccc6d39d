/** Finds out which of the customary ports are free on this machine. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** The port itself where nobody listens on it, else one that the system chooses. */
export async function freePort(wanted: number): Promise<number> {
  return (await listenBriefly(wanted)) ?? (await listenBriefly(0)) ?? 0;
}

function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address: AddressInfo | string | null = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

/** What is known of Microsoft's own update servers. Each of it is a default, and the configuration says otherwise. */

/** Where WSUS servers synchronize from when nothing else is set. */
export const MICROSOFT_UPSTREAM = 'https://sws.update.microsoft.com';

/** The key of "Microsoft Root Certificate Authority 2011", which their chain ends with (`sync/trust/microsoft-root-2011.pem`). */
export const MICROSOFT_PIN = 'sha256/AjdtCQisIwQcx9Zm2drxklVPf8NjF6qcuACQhhayivg=';

/** Whether the server is one of Microsoft's own, by its name: what is shipped for them counts for no other. */
export const isMicrosoft = (url: string): boolean =>
  /(?:^|\.)microsoft\.com\.?$/i.test(new URL(url).hostname);

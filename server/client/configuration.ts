/** What GetConfig answers, and since when it has been so ([MS-WUSP] 3.1.5.2). */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readSetting, writeSetting } from '../../catalog/store/database/settings.ts';
import type { Config } from '../../config/schema.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { Config as WireConfig } from '../../protocol/wusp/client.ts';
import { simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import type { ClientContext } from './context.ts';
import { instantOf } from '../../protocol/soap/wire-time.ts';

/** Of revisions in one GetExtendedUpdateInfo. */
export const MAXIMUM_EXTENDED_UPDATES = 50;

/** The authorization plug-in; the protocol knows no other ([MS-WUSP] 2.2.2.2.1). */
export const PLUG_IN = 'SimpleTargeting';

/** What GetRequiredInventoryType answers, and `IsInventoryRequired`, which "MUST be 0" ([MS-WUSP] 2.2.2.2.1). */
export const REQUIRED_INVENTORY = 0;

const SETTING = 'client.configuration';
const Stored = z.strictObject({ digest: z.string(), lastChange: z.iso.datetime() });

const ANSWER = {
  AuthInfo: [{ PlugInID: PLUG_IN, ServiceUrl: simpleAuthService.path.slice(1) }],
  Properties: [
    { Name: 'MaxExtendedUpdatesPerRequest', Value: String(MAXIMUM_EXTENDED_UPDATES) },
    { Name: 'ProtocolVersion', Value: '3.2' },
    { Name: 'IsInventoryRequired', Value: String(REQUIRED_INVENTORY) },
    { Name: 'ClientReportingLevel', Value: '2' },
  ],
};

export class ClientConfiguration {
  readonly answer: Read<typeof WireConfig>;
  /** Differs from what it was when files that a client was told of are to be fetched elsewhere. */
  readonly fileLocations: string;

  /**
   * Compares what is configured with what was last time; where it differs, clients are to begin anew. How computers get
   * their groups counts too: it decides what GetAuthorizationCookie makes of the group that an agent names.
   */
  constructor({ db, config, now }: Pick<ClientContext, 'db' | 'config' | 'now'>) {
    const answer = { IsRegistrationRequired: config.client.registration === 'required', ...ANSWER };
    const digest = createHash('sha256')
      .update(JSON.stringify([answer, config.client.targeting]))
      .digest('hex');
    const lastChange = db
      .transaction(() => {
        const known = readSetting(db, SETTING, Stored);
        if (known?.digest === digest) return known.lastChange;
        const changed = wholeSecondAfter(known?.lastChange, now());
        writeSetting(db, SETTING, { digest, lastChange: changed });
        return changed;
      })
      .immediate();
    this.answer = { LastChange: lastChange, ...answer };
    this.fileLocations = fileLocationsOf(config);
  }

  /** Whether a client that learnt `lastChange` from GetConfig knows the configuration as it is. */
  isCurrent(lastChange: string): boolean {
    return instantOf(lastChange) === instantOf(this.answer.LastChange);
  }
}

/** Everything in the configuration that a content URL depends on, and whether there is one. */
function fileLocationsOf({ content, listeners }: Config): string {
  const sockets = [listeners.client, listeners.content].map((endpoints) =>
    endpoints.map(({ protocol, port }) => `${protocol}:${port}`),
  );
  const { express, languages, store } = content;
  const locations = JSON.stringify([store === 'none', express, languages, sockets]);
  return createHash('sha256').update(locations).digest('base64url').slice(0, 11);
}

/** Whole seconds, since what an agent hands back need not have all digits; later than the last, whatever the clock does. */
function wholeSecondAfter(last: string | undefined, now: Date): string {
  const second = Math.floor(now.getTime() / 1000);
  const earliest = last === undefined ? second : Math.floor(Date.parse(last) / 1000) + 1;
  return new Date(Math.max(second, earliest) * 1000).toISOString().replace('.000Z', 'Z');
}

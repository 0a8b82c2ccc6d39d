/** Whether a downstream server may synchronize from here: asked when it is authorized and at every operation after. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { accessOf } from '../../config/downstream.ts';
import type { Downstream, DownstreamServer } from '../../config/downstream.ts';
import type { DownstreamRefusal } from '../../protocol/wsusss/downstream-refusal.ts';
import { readSecretFile } from '../../config/secret-file.ts';
import { withinNetworks } from '../http/within-networks.ts';

/** What is known of a downstream server that asks. */
export interface Visitor {
  readonly accountName: string;
  readonly accountGuid: string;
  readonly remoteAddress: string;
  readonly isHttps: boolean;
  /** Of the secret that it presented, in hex; undefined for none. */
  readonly secretDigest: string | undefined;
}

export interface Refusal {
  readonly refusal: DownstreamRefusal;
  /** For the log alone: what of the list does not fit. */
  readonly why: string;
}

/** How a secret is compared and kept in a cookie: of secrets as long as ours nobody finds one by its digest. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/**
 * Undefined where it may. A listed name or identifier belongs to its entry also under `any`: nobody else comes in by it.
 *
 * @throws SecretFileError
 */
export function refusalFor(visitor: Visitor, config: Downstream): Refusal | undefined {
  const named = config.servers.filter((server) => isClaimed(server, visitor));
  if (named.length === 0)
    return accessOf(config) === 'any' ? undefined : notListed('no entry has its name or accountGuid');
  const reasons = named.map((server) => mismatch(server, visitor));
  const fitting = named.filter((_server, index) => reasons[index] === undefined);
  if (fitting.length === 0) return notListed(reasons.find((reason) => reason !== undefined) ?? '');
  if (fitting.some(({ secretFile }) => secretFile === undefined)) return undefined;
  return secretRefusal(fitting, visitor);
}

const notListed = (why: string): Refusal => ({ refusal: 'DSS_NOT_LISTED', why });

const isClaimed = (server: DownstreamServer, { accountName, accountGuid }: Visitor): boolean =>
  isSameName(server.name, accountName) || isSameGuid(server, accountGuid);

const isSameName = (one: string, other: string): boolean => plainName(one) === plainName(other);
const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '');
const isSameGuid = ({ accountGuid }: DownstreamServer, other: string): boolean =>
  accountGuid?.toLowerCase() === other.toLowerCase();

/** What of the entry does not fit, but for the secret; undefined where all does. */
function mismatch(server: DownstreamServer, visitor: Visitor): string | undefined {
  if (!isSameName(server.name, visitor.accountName)) return `its accountGuid belongs to ${server.name}`;
  if (server.accountGuid !== undefined && !isSameGuid(server, visitor.accountGuid))
    return `the entry ${server.name} has another accountGuid`;
  if (server.addresses !== undefined && !withinNetworks(server.addresses)(visitor.remoteAddress))
    return `the entry ${server.name} does not have its address`;
  return undefined;
}

function secretRefusal(fitting: readonly DownstreamServer[], visitor: Visitor): Refusal | undefined {
  const { isHttps, secretDigest } = visitor;
  const [{ name } = { name: '' }] = fitting;
  if (!isHttps) return { refusal: 'DSS_SECRET_NEEDS_TLS', why: `the entry ${name} has a secret` };
  if (secretDigest === undefined)
    return { refusal: 'DSS_SECRET_MISSING', why: `the entry ${name} has a secret` };
  const presented = Buffer.from(secretDigest, 'hex');
  const isRight = fitting.some(({ secretFile }) => {
    const known = Buffer.from(digestOf(readSecretFile(secretFile ?? '')), 'hex');
    return presented.length === known.length && timingSafeEqual(presented, known);
  });
  return isRight ? undefined : { refusal: 'DSS_SECRET_WRONG', why: `the entry ${name} has another secret` };
}

/** `sluice upstream pin`: shows a server's chain, and records the pin of an issuer that somebody confirmed. */
import type { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { MICROSOFT_UPSTREAM } from '../../config/microsoft.ts';
import { Pin, pinOf } from '../../config/pin.ts';
import { Upstream } from '../../config/schema.ts';
import { showChain } from '../../sync/diagnosis/shown-chain.ts';
import type { ShownChain, Unpinned } from '../../sync/diagnosis/shown-chain.ts';
import { TrustError } from '../../sync/trust/trust-error.ts';
import { EXIT } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { PinFile } from './pin-file.ts';
import { recordPin } from './record-pin.ts';
import { forTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface PinOptions {
  readonly config: string;
  readonly url?: string;
  readonly proxy?: string;
  readonly trustAnchor?: readonly string[];
  readonly fingerprint?: string;
}

/**
 * Records nothing but what was typed or given: a fingerprint that is on the screen alone proves nothing of the server.
 *
 * @throws UsageError, ConfigError, NotReachedError, TrustAnchorError, TrustError where no chain leads to a trust anchor
 */
export async function pin(options: PinOptions, terminal: Terminal): Promise<ExitStatus> {
  const { print, ask } = terminal;
  const file = PinFile.open(options.config);
  const upstream = whatIsMeant(file, options);
  const shown = await show(upstream, print);
  printChain(upstream.url, shown, print);
  const given = options.fingerprint ?? (ask === undefined ? undefined : await ask(QUESTION));
  if (given === undefined) {
    throw new UsageError(
      'Nobody is here to type the fingerprint; give it with --fingerprint. Nothing was recorded.',
    );
  }
  const refused = whyNot(given, shown);
  if (refused !== undefined) {
    print(`${refused} Nothing was recorded.`);
    return EXIT.failed;
  }
  const chosen = toPin(given) ?? '';
  if (file.upstream.pins?.includes(chosen) === true) {
    print(`${file.path} has this pin already.`);
    return EXIT.ok;
  }
  file.add('url', upstream.url);
  if (options.proxy !== undefined) file.add('proxy', options.proxy);
  if (upstream.trustAnchors !== undefined) file.add('trustAnchors', upstream.trustAnchors);
  file.addPin(chosen);
  await file.write();
  print(`Recorded in ${file.path}, upstream.pins. Start the relay again for it to count.`);
  const before = file.upstream.pins ?? [];
  const unrecorded = recordPin({ path: file.path, url: upstream.url, before, pin: chosen });
  if (unrecorded !== undefined) print(forTerminal(unrecorded));
  if (before.length === 0)
    print(
      'Record another issuer as a backup: the next authority of this server, or the root above this one.',
    );
  return EXIT.ok;
}

async function show(upstream: Unpinned, print: (line: string) => void): Promise<ShownChain> {
  try {
    return await showChain(upstream, new Date(), new AbortController().signal);
  } catch (error) {
    if (error instanceof TrustError) {
      print(`${upstream.url} shows certificates that lead to no trust anchor:`);
      for (const { subject, issuer, pin: fingerprint } of error.chain)
        print(`  ${forTerminal(`${subject}, issued by ${issuer}, fingerprint ${fingerprint}`)}`);
      print('Where its authority is a private one, name the file of it with --trust-anchor FILE.');
    }
    throw error;
  }
}

const QUESTION =
  'Type the fingerprint (sha256/…) of the issuer to pin, as you got it from who runs the server: ';

function whatIsMeant(file: PinFile, { url, proxy, trustAnchor }: PinOptions): Unpinned {
  const known = file.upstream;
  const wanted = url ?? known.url ?? (file.hasUpstream ? MICROSOFT_UPSTREAM : undefined);
  if (wanted === undefined)
    throw new UsageError(`${file.path} names no upstream server; give its address with --url https://…`);
  if (url !== undefined && known.url !== undefined && new URL(known.url).href !== hrefOf(url)) {
    throw new UsageError(
      `${file.path} names another upstream server, ${known.url}. A pin of ${url} would count for that one; change upstream.url first.`,
    );
  }
  const anchors = trustAnchor?.map((name) => resolve(name)) ?? known.trustAnchors;
  const through = proxy ?? known.proxy;
  const meant = Upstream.omit({ pins: true }).safeParse({
    url: wanted,
    ...(anchors === undefined ? {} : { trustAnchors: anchors }),
    ...(through === undefined ? {} : { proxy: through }),
    ...(known.timeout === undefined ? {} : { timeout: known.timeout }),
  });
  if (meant.success) return meant.data;
  const [issue] = meant.error.issues;
  throw new UsageError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

const hrefOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

function printChain(url: string, { chain, faults }: ShownChain, print: (line: string) => void): void {
  print(`${url} shows this chain, every signature of which was checked up to a trust anchor:`);
  for (const [depth, certificate] of chain.entries()) {
    const what = depth === 0 ? 'server' : depth === chain.length - 1 ? 'trust anchor' : 'issuer';
    print('');
    print(`  ${depth}  ${what}`);
    for (const text of describe(certificate)) print(`     ${text}`);
    if (depth === 0) print('     Not to be pinned: it is replaced whenever the server renews it.');
  }
  print('');
  for (const fault of faults)
    print(`Pinned or not, a synchronization would refuse it: ${forTerminal(fault)}`);
}

const describe = (certificate: X509Certificate): string[] => [
  `subject      ${oneLine(certificate.subject)}`,
  `issuer       ${oneLine(certificate.issuer)}`,
  `valid        ${certificate.validFromDate.toISOString()} to ${certificate.validToDate.toISOString()}`,
  `fingerprint  ${pinOf(certificate)}`,
];

const oneLine = (name: string): string => forTerminal(name.replaceAll('\n', ', '));

/** As a pin is written; 32 bytes in hex, with or without colons, are taken too. */
function toPin(text: string): string | undefined {
  const trimmed = text.trim();
  const hex = trimmed.replaceAll(':', '');
  if (/^[\da-f]{64}$/i.test(hex)) return `sha256/${Buffer.from(hex, 'hex').toString('base64')}`;
  return Pin.safeParse(trimmed).data;
}

function whyNot(given: string, { chain, issuerPins }: ShownChain): string | undefined {
  const wanted = toPin(given);
  if (wanted === undefined)
    return 'That is no fingerprint: sha256/ and 44 characters of base64, or 64 of hex.';
  if (issuerPins.includes(wanted)) return undefined;
  if (wanted === pinOf(chain[0]))
    return "That is the server's own key. A pin is the key of who issued its certificate, so that it holds when the server renews; pinning the server alone would stop every synchronization then, and the relay refuses it.";
  return 'No issuer in this chain has this key. Either it is of another server, or something between here and the server answers in its place (TLS interception).';
}

import { Downstream } from '../../config/downstream.ts';
import { startRealRelay } from '../../scripts/testing/real-relay.ts';
import type { RealRelay } from '../../scripts/testing/real-relay.ts';
import type { Step } from './step.ts';
import { checkUpstream } from './upstream-check.ts';

const account = { name: 'branch.example.org', guid: '11111111-2222-4333-8444-555555555555' };
const SECRET = 'n0t-the-0nly-secret-0f-its-kind-1';

let above: RealRelay;
beforeAll(async () => {
  above = await startRealRelay();
});
afterAll(() => above.close());

const list = (downstream: Parameters<typeof Downstream.parse>[0]): void => {
  above.config.downstream = Downstream.parse(downstream);
};

/** The step `authorization`. */
async function authorize(secretFile?: string): Promise<Step | undefined> {
  const steps: Step[] = [];
  await checkUpstream(
    {
      upstream: above.upstream(secretFile === undefined ? {} : { secretFile }),
      account,
      now: () => new Date(),
      signal: new AbortController().signal,
    },
    (step) => steps.push(step),
  );
  return steps.find(({ step }) => step === 'authorization');
}

describe('The check of the upstream server, where that one has a list', () => {
  it('is passed by a relay that is on it, by its identifier or with its secret', async () => {
    list({ servers: [{ name: account.name, accountGuid: account.guid }] });
    expect(await authorize()).toMatchObject({ state: 'ok' });
    list({ servers: [{ name: account.name, secretFile: above.secretFile('above', SECRET) }] });
    expect(await authorize(above.secretFile('below', SECRET))).toMatchObject({ state: 'ok' });
  });

  it('says that the relay is not on it, who it is, and what to do', async () => {
    list({ access: 'listed' });
    const step = await authorize();
    expect(step).toMatchObject({ state: 'failed', code: 'DSS_NOT_LISTED' });
    expect(step?.message).toMatch(
      /not on the list there; have its administrator list it under downstream\.servers/,
    );
    expect(step?.message).toContain(`"${account.name}" with the identifier ${account.guid}`);
  });

  it('introduces nobody where the relay has no identifier yet, so that no server stays that never was', async () => {
    list({});
    const steps: Step[] = [];
    const known = () => above.db.prepare('SELECT count(*) FROM downstream_server').pluck().get();
    const before = known();
    const isWell = await checkUpstream(
      { upstream: above.upstream(), now: () => new Date(), signal: new AbortController().signal },
      (step) => steps.push(step),
    );
    expect(isWell).toBe(true);
    expect(steps.at(-1)).toMatchObject({ step: 'authorization', state: 'skipped' });
    expect(steps.at(-1)?.message).toContain('at its first start');
    expect(known()).toBe(before);
  });

  it('says that the secret is missing or another, and never what it is', async () => {
    list({ servers: [{ name: account.name, secretFile: above.secretFile('above', SECRET) }] });
    const missing = await authorize();
    expect(missing).toMatchObject({ state: 'failed', code: 'DSS_SECRET_MISSING' });
    expect(missing?.message).toMatch(/name that in upstream\.secretFile/);
    const wrong = await authorize(above.secretFile('below', `${SECRET}-wrong`));
    expect(wrong).toMatchObject({ state: 'failed', code: 'DSS_SECRET_WRONG' });
    expect(wrong?.message).toMatch(/compare the file/);
    expect(JSON.stringify([missing, wrong])).not.toContain(SECRET);
  });

  it('says that the secret of this relay cannot be read', async () => {
    list({ servers: [{ name: account.name, secretFile: above.secretFile('above', SECRET) }] });
    const step = await authorize(`${above.folder}/none`);
    expect(step).toMatchObject({ state: 'failed', code: 'secret' });
    expect(step?.message).toMatch(/cannot be read/);
  });
});

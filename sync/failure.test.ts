import type { ErrorCode } from '../protocol/soap/fault.ts';
import { SoapFault } from '../protocol/soap/fault.ts';
import { ConnectionError } from './connection-error.ts';
import { UpstreamError } from './conversation/upstream-error.ts';
import { TrustError } from './trust/trust-error.ts';
import { toRunFailure } from './failure.ts';

describe('What is kept of a failed synchronization', () => {
  it('quotes a fault, and no more of it than a person reads', () => {
    expect(toRunFailure(new SoapFault('ServerBusy', 'later')).message).toContain('ServerBusy (later)');
    expect(toRunFailure(new SoapFault('InvalidParameters')).message).toMatch(
      /fault InvalidParameters: it found a parameter of the request wrong;/,
    );
    const long = 'x'.repeat(1_000_000);
    const failure = toRunFailure(new SoapFault('InvalidParameters', long, { method: long }));
    expect(JSON.stringify(failure).length).toBeLessThan(2000);
  });

  it('names by its code why an upstream relay does not let this one in, and what to do', () => {
    const failure = toRunFailure(
      new SoapFault('InvalidParameters', 'accountName: DSS_NOT_LISTED: "a" (b) from c is not listed'),
    );
    expect(failure).toMatchObject({ check: 'DSS_NOT_LISTED', mayPass: false });
    expect(failure.message).toMatch(/^The upstream server does not let this relay in: .*downstream\.servers/);
  });
});

describe('Of failures, those may pass by themselves', () => {
  const fault = (code: ErrorCode): boolean | undefined => toRunFailure(new SoapFault(code)).mayPass;

  it('that are of the connection, of time, or of a server that is busy or out for a moment', () => {
    for (const check of ['connect', 'proxy', 'timeout'] as const)
      expect(toRunFailure(new ConnectionError(check, 'It did not answer.')).mayPass).toBe(true);
    expect([fault('ServerBusy'), fault('ServerChanged')]).toEqual([true, true]);
    expect(toRunFailure(new UpstreamError('http', 'Busy.', { status: 503 })).mayPass).toBe(true);
  });

  it('and not those of trust, of authorization, or of an answer that cannot be read', () => {
    const trust = new TrustError('REVOCATION_UNKNOWN', 'It could not be asked for.', []);
    expect(toRunFailure(trust).mayPass ?? false).toBe(false);
    expect([fault('InvalidAuthorizationCookie'), fault('InvalidCookie')]).toEqual([false, false]);
    for (const status of [401, 403, 404, 500])
      expect(toRunFailure(new UpstreamError('http', 'No.', { status })).mayPass).toBe(false);
    expect(toRunFailure(new UpstreamError('response', 'Not XML.')).mayPass).toBe(false);
  });
});

import { SoapFault } from '../protocol/soap/fault.ts';
import { toRunFailure } from './failure.ts';

describe('What is kept of a failed synchronization', () => {
  it('quotes a fault, and no more of it than a person reads', () => {
    expect(toRunFailure(new SoapFault('ServerBusy', 'later')).message).toContain('ServerBusy (later)');
    const long = 'x'.repeat(1_000_000);
    const failure = toRunFailure(new SoapFault('InvalidParameters', long, { method: long }));
    expect(JSON.stringify(failure).length).toBeLessThan(2000);
  });
});

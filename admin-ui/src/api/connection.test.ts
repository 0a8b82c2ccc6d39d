import { createReachability } from './connection.ts';

describe('whether the relay is reached', () => {
  it('is told once for each change, not for each call', () => {
    const reachability = createReachability();
    const seen: boolean[] = [];
    const stop = reachability.subscribe(() => seen.push(reachability.reached));
    for (const reached of [true, false, false, true, true]) reachability.report(reached);
    stop();
    reachability.report(false);
    expect(seen).toEqual([false, true]);
  });
});

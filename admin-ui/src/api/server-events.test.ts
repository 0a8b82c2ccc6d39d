import { readServerEvent } from './server-events.ts';

describe('events of the relay', () => {
  it('are read as the worker said them', () => {
    const progress = { type: 'progress', runId: 7, phase: 'update-data', done: 40, total: 400 };
    expect(readServerEvent('progress', JSON.stringify(progress))).toEqual(progress);
  });

  it('say that something changed, whatever they carry besides', () => {
    expect(readServerEvent('changed', '{}')).toEqual({ type: 'changed' });
  });

  it('are passed over when they cannot be read', () => {
    expect(readServerEvent('progress', '{"type":"progress"')).toBeUndefined();
    expect(readServerEvent('progress', '{"type":"progress","phase":"later"}')).toBeUndefined();
  });
});

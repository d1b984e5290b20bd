import { activeTraceId, injectTraceContext, withRemoteSpan, withSpan } from './tracing.js';

describe('tracing without telemetry', () => {
  it('runs the work and nothing else', async () => {
    expect(await withSpan('work', {}, async () => 7)).toBe(7);
    expect(await withRemoteSpan('work', injectTraceContext(), {}, async () => 8)).toBe(8);
    expect(activeTraceId()).toBeNull();
    expect(injectTraceContext()).toEqual({});
  });

  it('throws on what the work throws', async () => {
    const failure = new Error('no');
    await expect(withSpan('work', {}, () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

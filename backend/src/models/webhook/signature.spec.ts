import { isGenuine, REPLAY_WINDOW_MS } from './signature.js';

describe('isGenuine', () => {
  // Computed by `mlflow.webhooks.delivery._generate_hmac_signature` of MLflow 3.17.2.
  const secret = 'a secret of sixteen';
  const delivery = {
    id: 'd4c3b2a1',
    timestamp: '1763600000',
    signature: 'v1,h29TvMuUu5r0nT7jqSzXqG0SKGYx/Aihe/dX5K1T6HQ=',
    body: Buffer.from('{"entity": "model_version_alias", "data": {"name": "caf\\u00e9"}}'),
  };
  const now = 1_763_600_000_000;

  it('takes what MLflow signed', () => {
    expect(isGenuine(delivery, secret, now)).toBe(true);
  });

  it.each([
    ['another secret', delivery, 'another secret'],
    ['another id', { ...delivery, id: 'd4c3b2a2' }, secret],
    ['another time', { ...delivery, timestamp: '1763600001' }, secret],
    ['another body', { ...delivery, body: Buffer.from('{}') }, secret],
    ['another version', { ...delivery, signature: delivery.signature.replace('v1', 'v2') }, secret],
    ['no signature', { ...delivery, signature: '' }, secret],
    ['no id', { ...delivery, id: '' }, secret],
    ['no time', { ...delivery, timestamp: '' }, secret],
    ['a time that is no number', { ...delivery, timestamp: 'Infinity' }, secret],
  ])('refuses %s', (_case, changed, key) => {
    expect(isGenuine(changed, key, now)).toBe(false);
  });

  it('refuses what is too old or too far ahead', () => {
    expect(isGenuine(delivery, secret, now + REPLAY_WINDOW_MS)).toBe(true);
    expect(isGenuine(delivery, secret, now + REPLAY_WINDOW_MS + 1)).toBe(false);
    expect(isGenuine(delivery, secret, now - REPLAY_WINDOW_MS - 1)).toBe(false);
  });
});

import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a delivery's time may be from ours, either way: Standard Webhooks' tolerance. */
export const REPLAY_WINDOW_MS = 5 * 60_000;

/** What of a delivery is signed, as its headers say; empty where one is missing. */
export interface SignedDelivery {
  /** `X-MLflow-Delivery-Id` */
  id: string;
  /** `X-MLflow-Timestamp`: seconds since 1970. */
  timestamp: string;
  /** `X-MLflow-Signature`: `v1,<base64>`. */
  signature: string;
  body: Buffer;
}

/**
 * Whether a delivery was signed with the secret, and lately: HMAC-SHA256 over `<id>.<timestamp>.<body>`
 * (https://mlflow.org/docs/latest/ml/webhooks).
 */
export function isGenuine(delivery: SignedDelivery, secret: string, now: number): boolean {
  const { id, timestamp, signature, body } = delivery;
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > REPLAY_WINDOW_MS) return false;
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64');
  const [given, expected] = [Buffer.from(signature), Buffer.from(`v1,${digest}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

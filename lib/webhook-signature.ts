/**
 * How webhooks are signed, on the way out and on the way in: `t=<epoch seconds>,v1=<hex>`, where the second part is the
 * HMAC-SHA256 of `<epoch seconds>.<body>` with the shared secret. The time is part of what is signed, so that a request that
 * somebody overheard is worth nothing a few minutes later.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const signatureHeader = 'kalcifer-signature';

/** Seconds by which the clocks of both sides may differ, the way included. */
const signatureToleranceSeconds = 300;

/** @param now epoch milliseconds */
export function signWebhook(secret: string, body: string, now: number): string {
  const time = Math.floor(now / 1000);
  return `t=${time},v1=${digest(secret, time, body).toString('hex')}`;
}

/** Takes the same time whatever is wrong. `now`: epoch milliseconds. */
export function checkSignature(
  secret: string,
  body: string,
  header: string,
  now: number,
): 'right' | 'wrong' | 'too_old' {
  const [, time, hex] = /^t=(\d{1,15}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (time === undefined || hex === undefined) return 'wrong';
  const seconds = Number(time);
  const isOurs = timingSafeEqual(Buffer.from(hex, 'hex'), digest(secret, seconds, body));
  if (!isOurs) return 'wrong';
  return Math.abs(now / 1000 - seconds) <= signatureToleranceSeconds ? 'right' : 'too_old';
}

function digest(secret: string, time: number, body: string): Buffer {
  return createHmac('sha256', secret).update(`${time}.${body}`).digest();
}

/** Signatures hold for one secret, one body and a few minutes. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkSignature, signWebhook } from '../lib/webhook-signature.ts';

const now = Date.parse('2026-01-01T00:00:00.900Z');
const body = '{"customer_id":"c1","note":"grüß dich"}';

describe('a signature', () => {
  test('is the HMAC of the time and the body, which any receiver can compute', () => {
    const hex = createHmac('sha256', 'our secret').update(`1767225600.${body}`).digest('hex');
    expect(signWebhook('our secret', body, now)).toBe(`t=1767225600,v1=${hex}`);
  });

  test('is right for the same secret and body, five minutes before and after', () => {
    const header = signWebhook('our secret', body, now);
    const at = (seconds: number) =>
      checkSignature('our secret', body, header, now + seconds * 1000);
    expect([at(0), at(299), at(-300), at(300), at(-302)]).toEqual([
      'right',
      'right',
      'right',
      'too_old',
      'too_old',
    ]);
  });

  test('is wrong for anything else', () => {
    const header = signWebhook('our secret', body, now);
    const later = header.replace('t=1767225600', 't=1767225601');
    const wrong = [
      checkSignature('their secret', body, header, now),
      checkSignature('our secret', `${body} `, header, now),
      checkSignature('our secret', body, later, now),
      ...['', 'x', 't=1', 'v1=00', header.toUpperCase(), `${header}0`, `${header},v1=00`].map(
        (other) => checkSignature('our secret', body, other, now),
      ),
    ];
    expect(new Set(wrong)).toEqual(new Set(['wrong']));
  });
});

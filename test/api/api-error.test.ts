import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { answerError } from '../../lib/api/api-error.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';

async function answerTo(error: Error): Promise<{ answer: Response; reported: unknown[] }> {
  const reported: unknown[] = [];
  const app = new Hono();
  app.get('/', () => {
    throw error;
  });
  app.onError((thrown, c) => answerError(c, thrown, (one) => reported.push(one)));
  return { answer: await app.request('/'), reported };
}

it.each([
  ['machines.too_large', 422, null],
  ['machines.limit', 409, null],
  ['executions.unavailable', 503, '1'],
])('%s is told to the caller with %i', async (code, status, retryAfter) => {
  const { answer, reported } = await answerTo(new KalciferError(code, 'It is so.'));
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error: { code, message: 'It is so.' } });
  expect(answer.headers.get('Retry-After')).toBe(retryAfter);
  expect(reported).toEqual([]);
});

it.each(['machines.refused', 'machines.function_unknown', 'executions.refused'])(
  '%s is reported, and the caller is told nothing of it',
  async (code) => {
    const error = new KalciferError(
      code,
      'arn:aws:states:eu-central-1:123456789012:stateMachine:x',
    );
    const { answer, reported } = await answerTo(error);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('arn:');
    expect(reported).toEqual([error]);
  },
);

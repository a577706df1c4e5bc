import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerResource, putByFetch } from '../../lambdas/register-journeys/answer-resource.ts';
import { registerJourneys } from '../../lambdas/register-journeys/handler.ts';
import type { ResourceRequest } from '../../lambdas/register-journeys/input.ts';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { readMachineArn } from '../../lib/engine/journeys/read-machine.ts';
import type { Json } from '../../lib/json.ts';
import type { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph, simpleJourney, waitJourney } from '../support/graphs.ts';
import { call, lambdaContext, watchLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const responseUrl =
  'https://cloudformation-custom-resource.s3.amazonaws.com/answer?X-Amz-Signature=s3cret';
const keyValue = 'value-of-the-key-0123456789';

interface Place {
  readonly h: ApiHarness;
  readonly answers: Record<string, string>[];
  readonly send: (request: Json, remainingMs?: number) => ReturnType<typeof call>;
  readonly file: (name: string, text: string) => Promise<void>;
}

async function place(apiKeyValue?: (id: string) => Promise<string>): Promise<Place> {
  const h = await apiHarness();
  const folder = await mkdtemp(join(tmpdir(), 'kalcifer-bundle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const answers: Record<string, string>[] = [];
  // Whoever waits here has waited long enough at once.
  const wakeAt = (_at: number, callback: () => void): (() => void) => {
    const alarm = setImmediate(callback);
    return () => clearImmediate(alarm);
  };
  const ctx: EngineContext = { ...h.ctx, clock: { now: () => h.clock.now(), wakeAt } };
  const handler = registerJourneys({
    ctx: () => ctx,
    sources: { folder, apiKeyValue: apiKeyValue ?? (() => Promise.resolve(keyValue)) },
    put: (url, body) => {
      expect(url).toMatch(/^https?:/);
      expect(Buffer.byteLength(body)).toBeLessThan(4096);
      answers.push(JSON.parse(body) as Record<string, string>);
      return Promise.resolve();
    },
  });
  const file = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  await file('journeys/welcome/v1.journey.json', JSON.stringify(simpleJourney()));
  await file('templates/hello.liquid', '---\nchannel: email\nsubject: Hello\n---\n<p>Hello!</p>\n');
  return {
    h,
    answers,
    file,
    send: (request, remainingMs) => call(handler, request, lambdaContext(remainingMs)),
  };
}

const arnOf = (version: number): string =>
  `arn:aws:states:eu-west-1:123456789012:stateMachine:kalcifer-test-welcome-v${version}`;

const properties = (...versions: readonly number[]): Json => ({
  ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:register',
  tenants: ['T1', 'T2'],
  versions: versions.map((version) => ({
    journey: 'welcome',
    version: String(version),
    machineArn: arnOf(version),
  })),
  content: 'digest',
  apiKeys: [{ tenant: 'T1', keyId: 'key1' }],
});

const request = (of: Record<string, Json> = {}): Record<string, Json> => ({
  RequestType: 'Create',
  ResponseURL: responseUrl,
  StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/kalcifer-test/1',
  RequestId: 'r1',
  LogicalResourceId: 'Versions',
  ResourceType: 'Custom::KalciferVersions',
  ResourceProperties: properties(1),
  ...of,
});

describe('register-journeys', () => {
  it('registers templates, versions and keys for every tenant, and tells CloudFormation', async () => {
    const { h, answers, send } = await place();
    watchLog();
    expect(await send(request())).toEqual({ answer: 'done' });
    expect(answers).toEqual([
      {
        Status: 'SUCCESS',
        PhysicalResourceId: 'kalcifer-journeys',
        StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/kalcifer-test/1',
        RequestId: 'r1',
        LogicalResourceId: 'Versions',
      },
    ]);
    for (const tenant of ['T1', 'T2']) {
      const machine = { tenant, journey: 'welcome', version: 1 };
      expect(await readMachineArn(h.ctx, machine)).toBe(arnOf(1));
    }
    const headers = { 'x-api-key': keyValue };
    const template = await h.call('GET', '/v1/templates/hello', undefined, headers);
    expect(template.body).toMatchObject({ subject: 'Hello', channel: 'email' });
  });

  it('writes nothing again when it is repeated', async () => {
    const { h, send } = await place();
    watchLog();
    await send(request());
    h.table.groups.length = 0;
    await send(request({ RequestType: 'Update', PhysicalResourceId: 'kalcifer-journeys' }));
    expect(h.table.groups).toEqual([]);
  });

  it('refuses a version that is gone while customers are in it, and says why', async () => {
    const { h, answers, send, file } = await place();
    watchLog();
    const waiting = drawGraph(
      { in: ['event_entry', { event_type: 'go' }], w: ['wait', { duration: '1d' }], out: ['exit'] },
      ['in -> w', 'w -> out'],
    );
    await file('journeys/welcome/v1.journey.json', JSON.stringify(waiting));
    await file('journeys/welcome/v2.journey.json', JSON.stringify(simpleJourney()));
    await send(request());
    await h.call('POST', '/v1/events', { customer_id: 'c1', type: 'go' });
    const update = { RequestType: 'Update', PhysicalResourceId: 'kalcifer-journeys' };
    expect(await send(request({ ...update, ResourceProperties: properties(2) }))).toEqual({
      answer: 'failed',
    });
    expect(answers.at(-1)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^journey\.version_in_use: .*welcome/s),
    });
    expect(await send(request({ ...update, ResourceProperties: properties(1, 2) }))).toEqual({
      answer: 'done',
    });
  });

  it('asked to check, refuses a version that was changed, and writes nothing when it does not', async () => {
    const { h, answers, send, file } = await place();
    watchLog();
    await send(request());
    const check = { ...(properties(1) as object), step: 'check', apiKeys: [] };
    const update = { RequestType: 'Update', ResourceProperties: check };
    await file('templates/hello.liquid', '---\nchannel: email\nsubject: Hi\n---\n<p>Hi!</p>\n');
    h.table.groups.length = 0;
    expect(await send(request(update))).toEqual({ answer: 'done' });
    await file('journeys/welcome/v1.journey.json', JSON.stringify(waitJourney()));
    expect(await send(request(update))).toEqual({ answer: 'failed' });
    expect(answers.at(-1)?.Reason).toMatch(/^journey\.version_differs: /);
    expect(h.table.groups).toEqual([]);
  });

  it('says every problem of a graph that cannot be registered, and where', async () => {
    const { answers, send, file } = await place();
    watchLog();
    const bad = drawGraph({ in: ['event_entry', { event_type: 'go' }], m: ['send_email', {}] }, [
      'in -> m',
    ]);
    await file('journeys/welcome/v1.journey.json', JSON.stringify(bad));
    await send(request());
    expect(answers[0]).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'kalcifer-journeys' });
    expect(answers[0]?.Reason).toMatch(/^journey\.invalid: .*m/s);
  });

  it('names the file that is not in the bundle', async () => {
    const { answers, send } = await place();
    watchLog();
    await send(request({ ResourceProperties: properties(1, 7) }));
    expect(answers[0]?.Reason).toContain('deployment.file_missing');
    expect(answers[0]?.Reason).toContain('v7.journey.json');
  });

  it('answers also when something goes wrong that nobody thought of, without its words', async () => {
    const { answers, send } = await place(() => Promise.reject(new Error(`no ${keyValue}`)));
    const log = watchLog();
    await send(request());
    expect(answers[0]).toMatchObject({
      Status: 'FAILED',
      Reason: 'Kalcifer.Unexpected: The log tells where it happened.',
    });
    expect(log.text()).not.toContain(keyValue);
    expect(log.text()).not.toContain('s3cret');
  });

  it('answers before its own time is over', async () => {
    let release = (): void => undefined;
    const value = new Promise<string>((resolve) => {
      release = () => resolve(keyValue);
    });
    const { answers, send } = await place(() => value);
    watchLog();
    const sent = send(request(), 15_010);
    await expect.poll(() => answers, { timeout: 60_000 }).toHaveLength(1);
    expect(answers[0]?.Reason).toContain('deployment.too_late');
    release();
    expect(await sent).toEqual({ answer: 'failed' });
    expect(answers).toHaveLength(1);
  });

  it('leaves everything as it is when the deployment is removed', async () => {
    const { h, answers, send } = await place();
    watchLog();
    await send(request());
    h.table.groups.length = 0;
    await send(request({ RequestType: 'Delete', PhysicalResourceId: 'another' }));
    expect(answers.at(-1)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'another' });
    expect(h.table.groups).toEqual([]);
  });

  it('answers whatever CloudFormation could send, or refuses it by name', async () => {
    const { answers, send } = await place();
    const log = watchLog();
    const anyRequest = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      mutated(request()),
      mutated(properties(1)).map((ResourceProperties) => request({ ResourceProperties })),
    );
    await fc.assert(
      fc.asyncProperty(anyRequest, async (event) => {
        const before = answers.length;
        const outcome = await send(event);
        expect(answers.length - before).toBe('answer' in outcome ? 1 : 0);
        countScenario('any JSON gives an answer or one of our codes', {
          name: 'register-journeys',
          event,
        });
      }),
      { numRuns: 300 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
    expect(log.text()).not.toContain(keyValue);
    expect(log.text()).not.toContain('s3cret');
  });
});

describe('the answer to CloudFormation', () => {
  const asked = request({ RequestType: 'Delete' }) as unknown as ResourceRequest;

  it('is put again when it gets lost, after longer and longer pauses', async () => {
    let lost = 2;
    const bodies: string[] = [];
    const pauses: number[] = [];
    const put = (_url: string, body: string): Promise<void> => {
      bodies.push(body);
      return (lost -= 1) < 0 ? Promise.resolve() : Promise.reject(new Error('ECONNRESET'));
    };
    await answerResource(asked, { kind: 'done' }, put, (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    });
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
    expect(pauses).toEqual([500, 2_000]);
  });

  it('is given up by name', async () => {
    const never = (): Promise<void> => Promise.reject(new Error('ECONNRESET'));
    const atOnce = (): Promise<void> => Promise.resolve();
    const answered = answerResource(asked, { kind: 'done' }, never, atOnce);
    await expect(answered).rejects.toMatchObject({
      code: 'deployment.unanswered',
    } satisfies Partial<KalciferError>);
  });

  it('is cut where CloudFormation would not take it', async () => {
    const reason = 'é'.repeat(5_000);
    await answerResource(asked, { kind: 'failed', reason }, (_url, body) => {
      const { Reason } = JSON.parse(body) as { Reason: string };
      expect(Buffer.byteLength(body)).toBeLessThan(4_096);
      expect(Reason).toMatch(/^é+ \.\.\.$/);
      return Promise.resolve();
    });
  });

  it('goes out as a PUT without a content type, which the address is signed for', async () => {
    const seen: unknown[] = [];
    const server = createServer((incoming, outgoing) => {
      incoming.on('data', (chunk) => seen.push(String(chunk)));
      incoming.on('end', () => {
        seen.push(incoming.method, incoming.headers['content-type'] ?? '');
        outgoing.writeHead(seen.length > 3 ? 403 : 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await putByFetch(url, '{}');
    expect(seen).toEqual(['{}', 'PUT', '']);
    await expect(putByFetch(url, '{}')).rejects.toThrow('status 403');
  });
});

/** Commands about journeys, instances and customers of a running Kalcifer, over a real socket. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { saveCustomer } from '../../lib/engine/customers/customers.ts';
import { serveHttp } from '../../lib/local/http-server.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { waitJourney } from '../support/graphs.ts';
import { runCliWith, type CliResult } from '../support/run-cli.ts';

let api: ApiHarness;
let url: string;

beforeEach(async () => {
  api = await apiHarness();
  const server = await serveHttp((request) => api.fetch(request), { host: '127.0.0.1', port: 0 });
  url = server.url;
  onTestFinished(() => server.close());
  await api.call('POST', '/v1/journeys/J/publish', { graph: waitJourney() });
  await saveCustomer(api.ctx, { tenant: 'T1', customer: 'ada', email: 'ada@example.com' });
});

const cli = (...args: string[]): Promise<CliResult> =>
  runCliWith({ KALCIFER_URL: url, KALCIFER_KEY: api.keys.T1 }, ...args);

async function enrolled(): Promise<string> {
  const { body } = await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'ada' });
  await api.settle();
  return (body as { instance: string }).instance;
}

describe('kalcifer instance', () => {
  it('tells where the customer is and why, and pauses, resumes and cancels', async () => {
    const id = await enrolled();
    const shown = await cli('instance', id);
    expect(shown.stdout).toMatch(new RegExp(`^${id}: ada in J v1 is waiting\\n`));
    expect(shown.stdout).toContain('the customer was enrolled');
    expect((await cli('instance', id, '--pause')).stdout).toContain('J v1 is paused\n');
    expect((await cli('instance', id, '--resume')).stdout).toContain('J v1 is waiting\n');
    expect((await cli('instance', id, '--cancel')).stdout).toContain(
      'J v1 is exited (cancelled_by_operator)\n',
    );
    const late = await cli('instance', id, '--pause');
    expect([late.code, late.stdout]).toEqual([1, '']);
    expect(late.stderr).toContain('[instance.invalid_transition]');
  });

  it('does one thing at a time, and knows only what is there', async () => {
    expect((await cli('instance', 'i', '--pause', '--cancel')).stderr).toBe(
      'error Ask for one of --pause, --resume and --cancel. [instance.one_thing]\n',
    );
    expect((await cli('instance', 'nobody')).stderr).toContain('[instance.unknown]');
  });
});

describe('kalcifer journey', () => {
  it('pauses, resumes and archives', async () => {
    expect((await cli('journey', 'J')).stdout).toBe('J is active\n');
    expect((await cli('journey', 'J', '--pause')).stdout).toBe('J is paused\n');
    expect((await cli('journey', 'J', '--resume')).stdout).toBe('J is active\n');
    expect((await cli('journey', 'J', '--archive')).stdout).toBe('J is archived\n');
    expect((await cli('journey', 'J', '--resume')).stderr).toContain(
      '[journey.invalid_transition]',
    );
    expect((await cli('journey', 'J', '--pause', '--archive')).stderr).toContain(
      '[journey.one_thing]',
    );
  });
});

describe('kalcifer customer', () => {
  it('shows the profile and changes preferences', async () => {
    expect(JSON.parse((await cli('customer', 'ada')).stdout)).toMatchObject({
      id: 'ada',
      email: 'ada@example.com',
    });
    const changed = await cli('customer', 'ada', 'email=no', 'sms=yes');
    expect(JSON.parse(changed.stdout)).toMatchObject({ preferences: { email: false, sms: true } });
    expect((await cli('customer', 'ada', 'email=maybe')).stderr).toBe(
      'error "email=maybe" is not a preference; write channel=yes or channel=no, for example email=no. [preference.invalid]\n',
    );
  });

  it('shows the inbox', async () => {
    expect((await cli('customer', 'ada', '--inbox')).stdout).toBe('no messages\n');
    const graph = {
      nodes: [
        { id: 'in', type: 'event_entry', config: { event_type: 'hello' } },
        { id: 'say', type: 'send_in_app', config: { subject: 'Welcome', body: 'Good to see you' } },
      ],
      edges: [{ source: 'in', target: 'say' }],
    };
    await api.call('POST', '/v1/journeys/greet/publish', { graph });
    await api.call('POST', '/v1/events', { customer_id: 'ada', type: 'hello' });
    await api.settle();
    expect((await cli('customer', 'ada', '--inbox')).stdout).toBe(
      '2026-01-01T00:00:00.000Z  new   Welcome: Good to see you\n',
    );
  });
});

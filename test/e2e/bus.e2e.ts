/** The sample journeys, driven as applications do on AWS: events on the bus, mails in SES's outbox, executions in Step Functions. */
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { mailTagsOf } from '../../lib/mail-tags.ts';
import { drawGraph } from '../support/graphs.ts';
import type { ApiInstance, ApiTimeline } from './support/api-answers.ts';
import { openAwsHarness } from './support/aws-harness.ts';
import { readOutbox, type OutboxMail } from './support/outbox.ts';
import {
  deployedApi,
  executionOf,
  putEvents,
  queuesAreEmpty,
  type BusEvent,
} from './support/public-aws.ts';
import { until } from './support/waiting-until.ts';

const place = inject('place');
const bus = place.outputs.BusName ?? '';
const machine = `kalcifer-${place.stage}-welcome-v1`;
const apis = { acme: await deployedApi(place, 'acme'), globex: await deployedApi(place, 'globex') };
type Tenant = keyof typeof apis;

async function newCustomer(tenant: Tenant, id = `c-${randomUUID()}`): Promise<string> {
  const fields = { email: `${id}@${tenant}.example`, name: 'Ada' };
  await apis[tenant].call('PUT', `/v1/customers/${id}`, fields);
  return id;
}

async function instancesOf(tenant: Tenant, customer: string): Promise<readonly ApiInstance[]> {
  const path = `/v1/customers/${customer}/instances`;
  const answer = await apis[tenant].call<{ instances: readonly ApiInstance[] }>('GET', path);
  return answer.instances;
}

/** The only instance of the customer, as soon as it is there and so. */
function instanceThat(
  tenant: Tenant,
  customer: string,
  isSo: (instance: ApiInstance) => boolean,
): Promise<ApiInstance> {
  return until(`${customer} got there`, async () => {
    const [instance, ...others] = await instancesOf(tenant, customer);
    expect(others).toEqual([]);
    return instance !== undefined && isSo(instance) && instance;
  });
}

const waitsAt =
  (node: string) =>
  ({ status, positions }: ApiInstance) =>
    status === 'waiting' && positions.join() === node;
const isCompleted = ({ status }: ApiInstance): boolean => status === 'completed';

async function timelineOf(tenant: Tenant, { id }: ApiInstance): Promise<ApiTimeline> {
  return apis[tenant].call('GET', `/v1/instances/${id}/timeline`);
}

async function mailsOf({ id }: ApiInstance): Promise<readonly OutboxMail[]> {
  return (await readOutbox(place)).filter(({ instance }) => instance === id);
}

const signUp = (tenant: Tenant, customer: string): BusEvent => ({
  tenant,
  customer,
  type: 'signed_up',
});
const opening = (tenant: Tenant, customer: string): BusEvent => ({
  tenant,
  customer,
  type: 'email_opened',
});

describe.concurrent('an event on the bus', () => {
  it('enrols a customer, who gets a mail with our tags and waits; the next event lets the customer go on', async () => {
    const customer = await newCustomer('acme');
    await putEvents(bus, [signUp('acme', customer)]);
    const waiting = await instanceThat('acme', customer, waitsAt('opened'));

    const ids = { tenant: 'acme', journey: 'welcome', instance: waiting.id, node: 'welcome_email' };
    expect(await mailsOf(waiting)).toEqual([
      {
        ...ids,
        from: 'kalcifer@example.com',
        to: `${customer}@acme.example`,
        subject: 'Welcome, Ada',
        html: expect.stringContaining('<p>Hello Ada,</p>'),
        tags: mailTagsOf(ids),
      },
    ]);

    const running = await executionOf(machine, waiting.id);
    expect(running.status).toBe('RUNNING');
    // Ids only: no address, no name, nothing of the customer.
    expect(JSON.parse(running.input)).toEqual({
      schema: 2,
      tenant: 'acme',
      journey: 'welcome',
      instance: waiting.id,
      epoch: 1,
      at: expect.any(String),
    });

    await putEvents(bus, [opening('acme', customer)]);
    const completed = await instanceThat('acme', customer, isCompleted);
    expect(completed.id).toBe(waiting.id);
    const { steps } = await timelineOf('acme', completed);
    expect(steps.map(({ node, status, branch }) => [node, status, branch])).toEqual([
      ['signed_up', 'completed', undefined],
      ['welcome_email', 'completed', undefined],
      ['opened', 'completed', 'event_received'],
      ['activated', 'completed', undefined],
    ]);
    expect(steps.at(-1)?.conversion).toMatchObject({ name: 'activated' });
    await until('the execution is over', async () => {
      const { status } = await executionOf(machine, waiting.id);
      return status === 'SUCCEEDED';
    });
    expect(await mailsOf(completed)).toHaveLength(1);
  });

  it('reaches the tenant that it names, whatever ids the tenants share', async () => {
    const customer = await newCustomer('acme');
    await newCustomer('globex', customer);
    const id = randomUUID();
    await putEvents(bus, [
      { ...signUp('acme', customer), id },
      { ...signUp('globex', customer), id },
    ]);
    const acme = await instanceThat('acme', customer, waitsAt('opened'));
    const globex = await instanceThat('globex', customer, waitsAt('opened'));
    await putEvents(bus, [{ ...opening('acme', customer), id: `${id}-2` }]);
    await instanceThat('acme', customer, isCompleted);
    expect(await instancesOf('globex', customer)).toEqual([globex]);
    expect((await mailsOf(acme)).map(({ to }) => to)).toEqual([`${customer}@acme.example`]);
    expect((await mailsOf(globex)).map(({ to }) => to)).toEqual([`${customer}@globex.example`]);
    await expect(apis.acme.call('GET', `/v1/instances/${globex.id}`)).rejects.toMatchObject({
      code: 'instance.unknown',
    });
  });

  it('is received once, though it is sent a hundred times', async () => {
    const customer = await newCustomer('acme');
    const times = <Value>(value: Value): Value[] => Array.from({ length: 100 }, () => value);
    await putEvents(bus, times({ ...signUp('acme', customer), id: `${customer}-in` }));
    await instanceThat('acme', customer, waitsAt('opened'));
    await putEvents(bus, times({ ...opening('acme', customer), id: `${customer}-opened` }));
    const completed = await instanceThat('acme', customer, isCompleted);
    await queuesAreEmpty(place);
    expect(await instancesOf('acme', customer)).toEqual([completed]);
    expect(await mailsOf(completed)).toHaveLength(1);
    const { steps } = await timelineOf('acme', completed);
    expect(steps.filter(({ node }) => node === 'activated')).toHaveLength(1);
  });

  it('that comes with forty others enrols each customer once', async () => {
    const customers = await Promise.all(Array.from({ length: 20 }, () => newCustomer('globex')));
    const twice = [...customers, ...customers];
    await putEvents(
      bus,
      twice.map((customer) => signUp('globex', customer)),
    );
    for (const customer of customers) {
      const waiting = await instanceThat('globex', customer, waitsAt('opened'));
      expect(await mailsOf(waiting)).toHaveLength(1);
    }
  });

  it('that no journey waits for changes nothing', async () => {
    const customer = await newCustomer('acme');
    await putEvents(bus, [
      { tenant: 'acme', customer, type: 'nobody_listens' },
      opening('acme', customer),
    ]);
    await queuesAreEmpty(place);
    expect(await instancesOf('acme', customer)).toEqual([]);
  });
});

describe.concurrent('parallel branches', () => {
  const twoWaits = drawGraph(
    {
      in: ['event_entry', { event_type: 'order_placed' }],
      paid: ['wait_for_event', { event_type: 'order_paid', timeout: '1h' }],
      packed: ['wait_for_event', { event_type: 'order_packed', timeout: '1h' }],
      mail: ['send_email', { subject: 'On its way', body: '<p>Paid and packed.</p>' }],
      out: ['exit'],
    },
    [
      'in -> paid',
      'in -> packed',
      'paid -> mail [event_received]',
      'packed -> mail [event_received]',
      'paid -> mail [timed_out]',
      'packed -> mail [timed_out]',
      'mail -> out',
    ],
  );

  it('wait side by side, each for its own event, and join once', async () => {
    const h = openAwsHarness(place);
    const of = { tenant: 'T1', journey: 'order', customer: 'c1' };
    await h.publish({ ...of, graph: twoWaits });
    await h.customer({ tenant: 'T1', id: 'c1', email: 'c1@example.com' });
    const send = (type: string): Promise<void> =>
      putEvents(bus, [{ tenant: h.realTenant('T1'), customer: 'c1', type }]);
    await send('order_placed');
    const id = await until('the customer is in', async () => (await h.instances(of))[0]);
    await h.settle();
    expect((await h.instance(id)).positions).toEqual(['packed', 'paid']);

    await send('order_packed');
    await until('one branch has gone on', async () => {
      const { positions } = await h.instance(id);
      return !positions.includes('packed');
    });
    expect(await h.sends()).toEqual([]);
    await send('order_paid');
    await until('the journey is over', async () => (await h.instance(id)).status === 'completed');
    expect((await h.steps(id)).map(({ node, branch }) => [node, branch]).toSorted()).toEqual([
      ['in', undefined],
      ['mail', undefined],
      ['out', undefined],
      ['packed', 'event_received'],
      ['paid', 'event_received'],
    ]);
    expect((await h.sends()).map(({ node, to }) => [node, to])).toEqual([
      ['mail', 'c1@example.com'],
    ]);
  });
});

describe.concurrent('an operator', () => {
  it('takes a customer out of a journey, and the execution ends', async () => {
    const customer = await newCustomer('acme');
    await putEvents(bus, [signUp('acme', customer)]);
    const { id } = await instanceThat('acme', customer, waitsAt('opened'));
    const cancelled = await apis.acme.call<ApiInstance>('POST', `/v1/instances/${id}/cancel`);
    expect(cancelled).toMatchObject({ status: 'exited', exit_reason: 'cancelled_by_operator' });
    await until('the execution is over', async () => {
      const { status } = await executionOf(machine, id);
      return status === 'ABORTED';
    });
    await putEvents(bus, [opening('acme', customer)]);
    await queuesAreEmpty(place);
    expect(await instancesOf('acme', customer)).toMatchObject([{ id, status: 'exited' }]);
  });
});

/** Somebody stops an execution in the console: the customer is not stuck. */
import { randomUUID } from 'node:crypto';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, inject, it } from 'vitest';
import type { ApiInstance } from './support/api-answers.ts';
import { deployedApi, executionOf, executionsOf, putEvents } from './support/public-aws.ts';
import { until } from './support/waiting-until.ts';

const place = inject('place');
const bus = place.outputs.BusName ?? '';
const machine = `kalcifer-${place.stage}-welcome-v1`;
const tenant = 'acme';
const api = await deployedApi(place, tenant);

it('a customer whose execution is stopped goes on in the next one, with the same instance', async () => {
  const customer = `c-${randomUUID()}`;
  await api.call('PUT', `/v1/customers/${customer}`, { email: `${customer}@acme.example` });
  await putEvents(bus, [{ tenant, customer, type: 'signed_up' }]);
  const only = async (status: ApiInstance['status']): Promise<ApiInstance> =>
    until(`${customer} is ${status}`, async () => {
      const path = `/v1/customers/${customer}/instances`;
      const { instances } = await api.call<{ instances: readonly ApiInstance[] }>('GET', path);
      return instances.length === 1 && instances[0]?.status === status && instances[0];
    });
  const { id } = await only('waiting');
  const { arn } = await executionOf(machine, id);
  await new SFNClient({}).send(new StopExecutionCommand({ executionArn: arn }));

  const next = await until('the next execution runs', async () => {
    const executions = await executionsOf(machine);
    return executions.find(({ name, status }) => name === `${id}-2` && status === 'RUNNING');
  });
  expect(next.executionArn).toMatch(/-2$/);

  await putEvents(bus, [{ tenant, customer, type: 'email_opened' }]);
  expect((await only('completed')).id).toBe(id);
  const { steps } = await api.call<{ steps: readonly { node: string }[] }>(
    'GET',
    `/v1/instances/${id}/timeline`,
  );
  expect(new Set(steps.map(({ node }) => node)).size).toBe(steps.length);
});

import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { eventBus } from '../../../lib/adapters/aws/event-bus.ts';

const aws = mockClient(EventBridgeClient);
const bus = eventBus({ name: 'kalcifer-dev' });
const event = { source: 'shop', type: 'signed_up', detail: { tenant: 'T1', customer: 'c1' } };

beforeEach(() => aws.reset());

it('puts an event as EventBridge wants it, and answers its id', async () => {
  aws.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] });
  expect(await bus.put(event)).toBe('e-1');
  expect(aws.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
    Entries: [
      {
        EventBusName: 'kalcifer-dev',
        Source: 'shop',
        DetailType: 'signed_up',
        Detail: '{"tenant":"T1","customer":"c1"}',
      },
    ],
  });
});

it('says why the bus did not take an event', async () => {
  aws.on(PutEventsCommand).resolves({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Slow down.' }],
  });
  await expect(bus.put(event)).rejects.toMatchObject({
    code: 'event.not_taken',
    message: 'The bus "kalcifer-dev" did not take the event (ThrottlingException): Slow down.',
  });
  aws.on(PutEventsCommand).resolves({});
  await expect(bus.put(event)).rejects.toMatchObject({ code: 'event.not_taken' });
});

it('knows whether it is there', async () => {
  aws.on(DescribeEventBusCommand).resolves({ Name: 'kalcifer-dev' });
  expect(await bus.exists()).toBe(true);
  aws
    .on(DescribeEventBusCommand)
    .rejects(new ResourceNotFoundException({ $metadata: {}, message: 'no bus' }));
  expect(await bus.exists()).toBe(false);
  aws.on(DescribeEventBusCommand).rejects(new Error('no network'));
  await expect(bus.exists()).rejects.toThrow('no network');
});

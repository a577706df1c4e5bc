/** Puts events on a bus of EventBridge, as `aws events put-events` does. */
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';

export interface EventBus {
  exists(): Promise<boolean>;
  /**
   * Answers the id that EventBridge gave the event.
   *
   * @throws KalciferError `event.not_taken` when the bus refuses it
   */
  put(event: BusEvent): Promise<string>;
}

interface BusEvent {
  readonly source: string;
  /** The type of the event. */
  readonly type: string;
  readonly detail: JsonObject;
}

export function eventBus({
  name,
  client = new EventBridgeClient({}),
}: {
  readonly name: string;
  readonly client?: EventBridgeClient;
}): EventBus {
  return {
    exists: async () => {
      try {
        await client.send(new DescribeEventBusCommand({ Name: name }));
        return true;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return false;
        throw error;
      }
    },
    put: async ({ source, type, detail }) => {
      const { Entries: [answer] = [] } = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: name,
              Source: source,
              DetailType: type,
              Detail: JSON.stringify(detail),
            },
          ],
        }),
      );
      if (answer?.EventId !== undefined) return answer.EventId;
      const { ErrorCode: code = 'no answer', ErrorMessage: message = '' } = answer ?? {};
      throw new KalciferError(
        'event.not_taken',
        `The bus "${name}" did not take the event (${code}): ${message}`,
      );
    },
  };
}

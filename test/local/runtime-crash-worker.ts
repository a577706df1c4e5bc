/**
 * The embedded runtime as a process of its own, for tests that kill it. It does what its parent says and acknowledges each call
 * when it is durable. Its provider is a file: what was appended before the kill stays.
 */
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { saveCustomer } from '../../lib/engine/customers/customers.ts';
import { publish } from '../../lib/engine/journeys/publish.ts';
import { receiveEvent } from '../../lib/engine/events/receive-event.ts';
import { isKalciferError } from '../../lib/kalcifer-error.ts';
import { openRuntime } from '../../lib/local/runtime.ts';
import { fileChannel } from '../support/file-channel.ts';
import { simpleEmailJourney } from '../support/graphs.ts';

export type Call =
  | { readonly call: number; readonly do: 'publish' }
  | {
      readonly call: number;
      readonly do: 'enrol' | 'open';
      readonly customer: string;
      readonly event?: string;
    };

const [, , folder = '', outboxFile = ''] = process.argv;
const tenant = 'T1';
const journey = 'J';

const runtime = await openRuntime({
  folder,
  channels: { email: { file: fileChannel(outboxFile) } },
  onError: (error) => console.error(error),
  templatesMustExist: false,
});

/** Answers how many waits an event ended. */
async function carryOut(call: Call): Promise<number> {
  switch (call.do) {
    case 'publish':
      await publish(runtime.ctx, { tenant, journey, graph: simpleEmailJourney() });
      return 0;
    case 'enrol':
      await saveCustomer(runtime.ctx, {
        tenant,
        customer: call.customer,
        email: `${call.customer}@example.com`,
      });
      await enrol(runtime.ctx, { tenant, journey, customer: call.customer }).catch(
        (error: unknown) => {
          // The call of the life before was carried out, and only its answer was lost.
          if (!isKalciferError(error, 'instance.already_in_journey')) throw error;
        },
      );
      return 0;
    case 'open': {
      const { customer, event: id } = call;
      const type = 'email_opened';
      const answer = await receiveEvent(runtime.ctx, {
        tenant,
        customer,
        type,
        ...(id === undefined ? {} : { id }),
      });
      return answer.routed;
    }
  }
}

process.on('message', (call: Call) => {
  carryOut(call).then(
    (routed) => process.send?.({ done: call.call, routed }),
    (error: unknown) => process.send?.({ failed: call.call, reason: String(error) }),
  );
});
process.send?.({ ready: true });

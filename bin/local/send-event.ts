/** `kalcifer local event`: puts one event on the bus of a stage, as an application of yours would. */
import { eventBus } from '../../lib/adapters/aws/event-bus.ts';
import { deploymentName } from '../../lib/cdk/physical-names.ts';
import type { JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { paint } from '../terminal/paint.ts';

export interface EventToSend {
  readonly stage: string;
  readonly tenant: string;
  readonly customer: string;
  readonly type: string;
  readonly data?: JsonObject;
  readonly id?: string;
}

/** @throws KalciferError `event.not_taken`, `local.not_deployed` */
export async function sendEvent(
  { stage, tenant, customer, type, data, id }: EventToSend,
  say: (line: string) => void,
): Promise<void> {
  const name = deploymentName(stage);
  const bus = eventBus({ name });
  if (!(await bus.exists())) {
    throw new KalciferError(
      'local.not_deployed',
      `There is no bus "${name}": npm run local:deploy${stage === 'dev' ? '' : ` -- --stage ${stage}`}`,
    );
  }
  const detail: JsonObject = {
    tenant,
    customer,
    ...(data === undefined ? {} : { data }),
    ...(id === undefined ? {} : { id }),
  };
  const eventId = await bus.put({ source: 'kalcifer.local', type, detail });
  say(
    `${paint('green', 'sent')} ${type} of ${customer} (tenant ${tenant}) to the bus ${name}: event ${eventId}`,
  );
}

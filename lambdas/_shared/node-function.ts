/** The functions that compiled machines call: a payload -> the engine's verb -> its answer, counted. */
import type { z } from 'zod';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { handleTask, type TaskVerb } from '../../lib/engine/steps/handle-task.ts';
import { Steering } from '../../lib/engine/steps/steering.ts';
import type { JsonObject } from '../../lib/json.ts';
import { metric } from '../../lib/metric.ts';
import { signal } from '../../lib/nodes/machine-contract.ts';
import { door, type Handler } from './door.ts';
import type { Subject } from './logger.ts';
import { count } from './metrics.ts';
import type { NodePayload } from './node-payload.ts';

export interface NodeFunction {
  readonly verb: TaskVerb;
  readonly input: z.ZodType<NodePayload>;
  readonly engine: () => EngineContext;
}

export function nodeFunction({ verb, input, engine }: NodeFunction): Handler<JsonObject> {
  return door({
    input,
    subjectOf,
    work: async (payload) => {
      try {
        const answer = await handleTask(engine(), verb, payload);
        count({ [verb === 'fail_instance' ? metric.nodesFailed : metric.nodesRun]: 1 }, payload);
        return answer;
      } catch (error) {
        countError(error, payload);
        throw error;
      }
    },
  });
}

function subjectOf(payload: NodePayload): Subject {
  const { tenant, journey, instance } = payload;
  return {
    tenant,
    instance,
    ...(journey === undefined ? {} : { journey }),
    ...('node' in payload ? { node: payload.node } : {}),
  };
}

/** That an execution has nothing to do here any more, or has to stay before a node, is no error. */
function countError(error: unknown, payload: NodePayload): void {
  if (!(error instanceof Steering)) count({ [metric.nodesRetried]: 1 }, payload);
  else if (error.name === signal.failed) count({ [metric.nodesFailed]: 1 }, payload);
}

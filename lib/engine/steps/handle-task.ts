/**
 * What the functions of a compiled machine do: a task's payload -> an engine verb -> its answer. Step Functions reaches it through
 * Lambda, the embedded executor directly.
 */
import type { JsonObject } from '../../json.ts';
import { nodePausedBefore } from '../../nodes/machine-contract.ts';
import { awaitJoin } from './await-join.ts';
import type { EngineContext } from '../engine-context.ts';
import { failInstance } from './fail-instance.ts';
import { isUnavailable } from '../leave-to-sweeper.ts';
import { parkAtGate } from './park-at-gate.ts';
import {
  badPayload,
  executionOf,
  nodeOf,
  nodeRunOf,
  taskFields,
  textOf,
  tokenOf,
} from './read-task.ts';
import { askDeadline, resolveWait } from './resolve-wait.ts';
import { runNode } from './run-node.ts';
import { Unavailable } from './steering.ts';

/** The verbs behind the functions; each family of nodes is run by `run_node`. */
export type TaskVerb = 'run_node' | 'resolve_wait' | 'fail_instance';

/**
 * @throws KalciferError `task.payload` for anything that a compiled machine would not send
 * @throws Steering, TryAgain as the verbs do; Unavailable when the store or the executor is away
 */
export async function handleTask(
  ctx: EngineContext,
  verb: TaskVerb,
  payload: unknown,
): Promise<JsonObject> {
  const fields = taskFields(payload);
  try {
    return await carryOut(ctx, verb, fields);
  } catch (error) {
    throw isUnavailable(error) ? new Unavailable(error.message) : error;
  }
}

async function carryOut(
  ctx: EngineContext,
  verb: TaskVerb,
  fields: JsonObject,
): Promise<JsonObject> {
  switch (verb) {
    case 'run_node':
      return runOrAsk(ctx, fields);
    case 'resolve_wait':
      return { ...(await resolveWait(ctx, nodeRunOf(fields))) };
    case 'fail_instance':
      await failInstance(ctx, { ...executionOf(fields), error: errorName(fields) });
      return {};
  }
}

/** The family of waits also computes deadlines, and keeps the pause gate and the joins that wait aside. */
async function runOrAsk(ctx: EngineContext, fields: JsonObject): Promise<JsonObject> {
  switch (fields.ask) {
    case undefined:
      return { ...(await runNode(ctx, nodeRunOf(fields))) };
    case 'deadline':
      return { ...(await askDeadline(ctx, nodeRunOf(fields))) };
    case 'join':
      await awaitJoin(ctx, { ...nodeRunOf(fields), token: tokenOf(fields) });
      return {};
    case 'pause': {
      const node = nodePausedBefore(textOf(fields, 'cause'));
      if (node === undefined) throw badPayload('the cause names no node');
      await parkAtGate(ctx, {
        ...executionOf(fields),
        node: nodeOf(node),
        task: tokenOf(fields),
      });
      return {};
    }
    default:
      throw badPayload('ask is nothing that it can be asked');
  }
}

/** An error's name is a few words; it is kept with the instance. */
const errorCharactersMax = 128;

function errorName(fields: JsonObject): string {
  return textOf(fields, 'error').slice(0, errorCharactersMax).toWellFormed();
}

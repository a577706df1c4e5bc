/**
 * What the functions of a compiled machine do: a task's payload -> an engine verb -> its answer. Step Functions reaches it through
 * Lambda, the embedded executor directly.
 */
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import { nodePausedBefore, payloadSchema } from '../../nodes/machine-contract.ts';
import { awaitJoin } from './await-join.ts';
import type { NodeRun } from './begin-step.ts';
import type { EngineContext } from '../engine-context.ts';
import { failInstance } from './fail-instance.ts';
import { isUnavailable } from '../leave-to-sweeper.ts';
import { parkAtGate } from './park-at-gate.ts';
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
  const fields = payloadFields(payload);
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
      return { ...(await resolveWait(ctx, nodeRun(fields))) };
    case 'fail_instance': {
      const { node: _node, ...run } = nodeRun({ ...fields, node: '-' });
      await failInstance(ctx, { ...run, error: text(fields, 'error') });
      return {};
    }
  }
}

/** The family of waits also computes deadlines, and keeps the pause gate and the joins that wait aside. */
async function runOrAsk(ctx: EngineContext, fields: JsonObject): Promise<JsonObject> {
  switch (fields.ask) {
    case undefined:
      return { ...(await runNode(ctx, nodeRun(fields))) };
    case 'deadline':
      return { ...(await askDeadline(ctx, nodeRun(fields))) };
    case 'join':
      await awaitJoin(ctx, { ...nodeRun(fields), token: text(fields, 'token') });
      return {};
    case 'pause': {
      const node = nodePausedBefore(text(fields, 'cause'));
      if (node === undefined) throw bad('the cause names no node');
      await parkAtGate(ctx, { ...nodeRun({ ...fields, node }), task: text(fields, 'token') });
      return {};
    }
    default:
      throw bad(`ask is ${JSON.stringify(fields.ask)}`);
  }
}

function payloadFields(payload: unknown): JsonObject {
  if (!isJsonObject(payload)) throw bad('the payload is not an object');
  if (payload.schema !== payloadSchema) {
    throw bad(`the payload has schema ${JSON.stringify(payload.schema ?? null)}`);
  }
  return payload;
}

function nodeRun(fields: JsonObject): NodeRun {
  const { epoch, token } = fields;
  if (typeof epoch !== 'number' || !Number.isSafeInteger(epoch)) throw bad('epoch is not a number');
  return {
    tenant: text(fields, 'tenant'),
    instance: text(fields, 'instance'),
    epoch,
    node: text(fields, 'node'),
    ...(token === undefined ? {} : { token: text(fields, 'token') }),
  };
}

function text(fields: JsonObject, name: string): string {
  const value: Json | undefined = fields[name];
  if (typeof value !== 'string' || value === '') throw bad(`${name} is not a text`);
  return value;
}

function bad(what: string): KalciferError {
  return new KalciferError(
    'task.payload',
    `A task was called in a form this release does not understand: ${what}.`,
  );
}

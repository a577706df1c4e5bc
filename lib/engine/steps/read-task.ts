/**
 * Reads what a compiled machine hands to a function. Machines are as old as the version that they run, so payloads of the schema
 * before are read too; whatever no machine would send is refused by name, before a key is made of it.
 */
import { isJsonObject, type JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import { payloadSchema } from '../../nodes/machine-contract.ts';
import { idProblem } from '../check-input.ts';
import type { NodeRun } from './begin-step.ts';

/** @throws KalciferError `task.payload` */
export function taskFields(payload: unknown): JsonObject {
  if (!isJsonObject(payload)) throw badPayload('it is not an object');
  const problem = payloadProblem(payload);
  if (problem !== undefined) throw badPayload(problem);
  return payload;
}

/** @throws KalciferError `task.payload` */
export function nodeRunOf(fields: JsonObject): NodeRun {
  return { ...executionOf(fields), node: nodeOf(fields.node), ...tokenIn(fields) };
}

/** @throws KalciferError `task.payload` */
export function executionOf({
  tenant,
  instance,
  epoch,
}: JsonObject): Pick<NodeRun, 'tenant' | 'instance' | 'epoch'> {
  if (!isEpoch(epoch)) throw badPayload('epoch is not a number of an execution');
  return { tenant: tenant as string, instance: instance as string, epoch };
}

/** @throws KalciferError `task.payload` */
export function nodeOf(node: unknown): string {
  if (!isNodeId(node)) throw badPayload('node is not the id of a node');
  return node;
}

/** @throws KalciferError `task.payload` */
export function tokenOf({ token }: JsonObject): string {
  if (!isToken(token)) throw badPayload('token is not a task token');
  return token;
}

/** @throws KalciferError `task.payload` */
export function textOf(fields: JsonObject, name: 'error' | 'cause'): string {
  const text = fields[name];
  if (typeof text !== 'string' || text === '') throw badPayload(`${name} is not a text`);
  return text;
}

/** Nothing of the payload is repeated: it may hold a token. */
export function badPayload(what: string): KalciferError {
  return new KalciferError(
    'task.payload',
    `A task was called in a form this release does not understand: ${what}.`,
  );
}

/** What is wrong with what all payloads have in common. */
function payloadProblem({ schema, tenant, journey, instance }: JsonObject): string | undefined {
  if (schema !== payloadSchema && schema !== payloadSchema - 1) {
    const found = typeof schema === 'number' ? `schema ${schema}` : 'no schema number';
    return `it has ${found}, and ${payloadSchema - 1} and ${payloadSchema} are understood`;
  }
  if (!isId(tenant)) return 'tenant is not an id';
  if (schema === payloadSchema && !isId(journey)) return 'journey is not an id';
  if (typeof instance !== 'string' || !instanceId.test(instance)) return 'instance is not an id';
  return undefined;
}

/** Ours have 20 characters. */
const instanceId = /^[0-9A-Za-z_-]{1,64}$/;

const nodeIdCharactersMax = 64;
/** The most that Step Functions makes. */
const tokenCharactersMax = 2048;

function isId(value: unknown): value is string {
  return idProblem(value) === undefined;
}

function isNodeId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= nodeIdCharactersMax &&
    value.isWellFormed()
  );
}

function isEpoch(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isToken(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= tokenCharactersMax &&
    value.isWellFormed()
  );
}

function tokenIn(fields: JsonObject): { readonly token?: string } {
  return fields.token === undefined ? {} : { token: tokenOf(fields) };
}

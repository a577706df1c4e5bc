/** Starts the execution of an instance's current epoch. Names make it safe to repeat: the same epoch is started once. */
import type { JsonObject } from '../../json.ts';
import {
  atNode,
  atResumedWait,
  atSeveral,
  parkedSeconds,
  payloadSchema,
} from '../../nodes/machine-contract.ts';
import type { EngineContext } from '../engine-context.ts';
import { isHeld } from '../steps/joins.ts';
import { readSteps } from '../instances/read-steps.ts';
import { preparedVersionOf } from '../journeys/load-version.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import { executionName, type Instance, type Token } from '../records/instance.ts';

export async function startExecution(ctx: EngineContext, instance: Instance): Promise<void> {
  const { tenant, journey, version, id, epoch } = instance;
  await ctx.executions.start({
    machine: { tenant, journey, version },
    name: executionName(instance),
    input: {
      schema: payloadSchema,
      tenant,
      journey,
      instance: id,
      epoch,
      ...startPlace(instance, ctx.clock.now()),
      ...(isAtEntry(instance) ? {} : await forkPlaces(ctx, instance)),
    },
  });
}

/** Where an instance's next execution begins. */
function startPlace(instance: Instance, now: number): { at: string; step?: { seconds: number } } {
  const [token, ...others] = instance.tokens;
  if (token === undefined) return { at: atNode(instance.entry) };
  if (others.length > 0) return { at: atSeveral };
  if (token.wait === undefined) return { at: atNode(token.node) };
  return {
    at: atResumedWait(token.node),
    step: { seconds: parkedSeconds(token.wait.deadline - now) },
  };
}

/** As nearly always: entries stand before every fork, and no node has run yet. */
function isAtEntry({ tokens, entry }: Instance): boolean {
  return tokens.length === 1 && tokens[0]?.node === entry;
}

/**
 * Whether the machine has to come to this join by itself: others can still come there, or are in the branches before it, which the
 * machine leaves all together.
 */
function waitsAtJoin(
  { node, wait }: Token,
  tokens: readonly Token[],
  version: PreparedVersion,
): boolean {
  if (wait !== undefined) return false;
  const joined = version.nodes.get(node)?.joined;
  return isHeld(tokens, node, version) || tokens.some((other) => joined?.has(other.node) === true);
}

/** Places inside of parallel branches, which the machine looks for itself; nothing for journeys that never fork. */
async function forkPlaces(
  ctx: EngineContext,
  instance: Instance,
): Promise<{ readonly fork?: JsonObject }> {
  const version = await preparedVersionOf(ctx, instance);
  if (version.reaches === undefined) return {};
  const now = ctx.clock.now();
  const { tokens } = instance;
  const places = tokens.flatMap((token) => {
    const key = version.nodes.get(token.node)?.key;
    return key === undefined ? [] : [{ key, token, held: waitsAtJoin(token, tokens, version) }];
  });
  const marks = (wanted: boolean): JsonObject =>
    Object.fromEntries(places.filter(({ held }) => held === wanted).map(({ key }) => [key, true]));
  const seconds = places.flatMap(({ key, token: { wait } }) =>
    wait === undefined ? [] : [[key, parkedSeconds(wait.deadline - now)] as const],
  );
  return {
    fork: {
      tokens: marks(false),
      held: marks(true),
      seconds: Object.fromEntries(seconds),
      taken: await takenForks(ctx, instance, version),
    },
  };
}

/** By which branch the customer has left the nodes that fork; the empty one for nodes that do not branch. */
async function takenForks(
  ctx: EngineContext,
  instance: Instance,
  { nodes }: PreparedVersion,
): Promise<JsonObject> {
  const steps = await readSteps(ctx.table, instance);
  return Object.fromEntries(
    steps.flatMap(({ node: id, status, branch = '' }) => {
      const node = nodes.get(id);
      const targets = node?.targets.get(branch) ?? [];
      return node === undefined || status !== 'completed' || targets.length < 2
        ? []
        : [[node.key, branch] as const];
    }),
  );
}

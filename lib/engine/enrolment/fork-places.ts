/**
 * Where a customer is inside of parallel branches when an execution begins, as the compiled machine looks for it: where to go on,
 * which joins are held, how long to take up which waits, and which forks were taken.
 */
import type { JsonObject } from '../../json.ts';
import { joinOf, type Fork } from '../../journey/forks.ts';
import { parkedSeconds } from '../../nodes/machine-contract.ts';
import type { EngineContext } from '../engine-context.ts';
import { readSteps } from '../instances/read-steps.ts';
import { preparedVersionOf } from '../journeys/load-version.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import type { Instance, Token } from '../records/instance.ts';
import { isHeld } from '../steps/joins.ts';

/** Nothing for journeys that never fork. */
export async function forkPlaces(
  ctx: EngineContext,
  instance: Instance,
): Promise<{ readonly fork?: JsonObject }> {
  const version = await preparedVersionOf(ctx, instance);
  if (version.reaches === undefined) return {};
  const now = ctx.clock.now();
  const { tokens } = instance;
  const branches = await branchesTaken(ctx, instance, version);
  const taken = version.forks.filter(({ node, branch }) => branches.get(node) === (branch ?? ''));
  const places = tokens.flatMap((token) => {
    const held = waitsAtJoin(token, tokens, version, taken);
    return keyOf(version, token).map((key) => ({ key, token, held }));
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
      taken: Object.fromEntries(
        taken.flatMap((fork) => keyOf(version, fork).map((key) => [key, fork.branch ?? ''])),
      ),
    },
  };
}

/**
 * Whether the machine has to come to this join by itself: others can still come there, or are in the branches before it, which the
 * machine leaves all together.
 */
function waitsAtJoin(
  { node, wait }: Token,
  tokens: readonly Token[],
  version: PreparedVersion,
  taken: readonly Fork[],
): boolean {
  if (wait !== undefined) return false;
  if (isHeld(tokens, node, version)) return true;
  const others = tokens.filter((other) => other.node !== node);
  const isIn = ({ inside }: Fork): boolean => others.some((other) => inside.has(other.node));
  // Another fork, neither around this one nor in it, may have the same nodes in its branches, with this one as no join.
  const isInner = (other: Fork, fork: Fork): boolean =>
    other.inside.has(node) &&
    !other.inside.has(fork.node) &&
    !fork.inside.has(other.node) &&
    isIn(other);
  return version.forks.some(
    (fork) => joinOf(fork) === node && isIn(fork) && !taken.some((other) => isInner(other, fork)),
  );
}

/** By which branch the customer has left the nodes that fork; the empty one for nodes that do not branch. */
async function branchesTaken(
  ctx: EngineContext,
  instance: Instance,
  { forks }: PreparedVersion,
): Promise<ReadonlyMap<string, string>> {
  const forking = new Set(forks.map(({ node }) => node));
  const steps = await readSteps(ctx.table, instance);
  return new Map(
    steps
      .filter(({ node, status }) => status === 'completed' && forking.has(node))
      .map(({ node, branch = '' }) => [node, branch]),
  );
}

/** How paths of the machine name the node; none for a node that this version does not have. */
function keyOf({ nodes }: PreparedVersion, { node }: { readonly node: string }): readonly string[] {
  const key = nodes.get(node)?.key;
  return key === undefined ? [] : [key];
}

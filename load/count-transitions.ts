/**
 * Which states of a compiled journey one customer goes through, and which functions are called on the way: what Step Functions and
 * Lambda bill. The machine itself is run, by the interpreter that the embedded runtime uses; functions only answer a branch.
 */
import { compileJourney } from '../lib/compiler/compile-journey.ts';
import { parseGraph } from '../lib/journey/parse.ts';
import { isJsonObject, type Json } from '../lib/json.ts';
import { runStateMachine } from '../lib/local/asl/asl.ts';
import { payloadSchema } from '../lib/nodes/machine-contract.ts';
import { seededChance } from '../lib/testkit/seeded-chance.ts';
import { virtualClock } from '../lib/testkit/virtual-clock.ts';

export interface Transitions {
  /** Names of states, in the order in which they are entered; each is billed. */
  readonly states: readonly string[];
  /** Functions in the order in which they are called, with the node that they are called for. */
  readonly calls: readonly { readonly function: string; readonly node: string }[];
}

export interface WayThrough {
  readonly entry: string;
  /** The branch that a node takes; nodes that are not named take none. */
  readonly branches: Readonly<Record<string, string>>;
  /** Waits that an event ends; all others time out. */
  readonly eventsEnd: readonly string[];
}

export async function countTransitions(graph: unknown, way: WayThrough): Promise<Transitions> {
  const parsed = parseGraph(graph);
  if ('problems' in parsed) throw new Error('The graph that is counted is not valid.');
  const compiled = compileJourney(parsed.graph, 'counted');
  if ('problems' in compiled) throw new Error('The graph that is counted does not compile.');
  const clock = virtualClock(0);
  const calls: { function: string; node: string }[] = [];
  const run = { ended: false };
  const running = runStateMachine(
    compiled.definition,
    {
      schema: payloadSchema,
      tenant: 't',
      journey: 'counted',
      instance: 'i',
      epoch: 1,
      at: way.entry,
    },
    {
      clock,
      chance: seededChance(1),
      invoke: (name, payload, task) => {
        const node = nodeOf(payload);
        calls.push({ function: name.slice(2, -1), node });
        const branch = way.branches[node];
        const outcome = branch === undefined ? {} : { branch };
        if (task.token !== undefined && way.eventsEnd.includes(node)) task.succeed(outcome);
        return { ...outcome, seconds: 60 };
      },
    },
  ).finally(() => (run.ended = true));
  while (!run.ended) {
    await new Promise((resolve) => setImmediate(resolve));
    const next = clock.nextAlarm();
    if (next !== undefined) clock.moveTo(next);
  }
  const { status, trace } = await running;
  if (status !== 'SUCCEEDED') throw new Error(`The counted run has ended as ${status}.`);
  return { states: trace, calls };
}

/** The node that a state belongs to; undefined for those of the whole machine. */
export function nodeOfState(state: string): string | undefined {
  return /^([^()]+?)(?: \(.*\))?$/.exec(state)?.[1];
}

function nodeOf(payload: Json): string {
  return isJsonObject(payload) && typeof payload.node === 'string' ? payload.node : '';
}

/** Runs single node types as the engine does, for tests. */
import type { JsonObject } from '../../lib/json.ts';
import type { Facts, NodeType, Outcome, RunContext, Trigger } from '../../lib/nodes/node-type.ts';

/** A context to run nodes in; say what matters. */
export function contextWith(
  given: Partial<Omit<RunContext, 'facts'>> & { facts?: Partial<Facts> } = {},
): RunContext {
  return {
    now: Date.parse('2026-01-01T00:00:00Z'),
    startedAt: given.now ?? Date.parse('2026-01-01T00:00:00Z'),
    tenant: 'T1',
    journey: 'J',
    instance: 'i1',
    customer: 'c1',
    node: 'n1',
    ...given,
    facts: {
      customer: { id: 'c1', email: 'ada@example.com', name: 'Ada' },
      event: {},
      context: {},
      accumulated: {},
      ...given.facts,
    },
  };
}

/** Reads the configuration as publishing does, and runs the node. */
export function runNode(
  type: NodeType,
  config: JsonObject,
  ctx: RunContext = contextWith(),
): Outcome {
  return type.run(type.config.parse(config), ctx);
}

/** Reads the configuration and continues the node. */
export function resumeNode(
  type: NodeType,
  config: JsonObject,
  trigger: Trigger,
  ctx: RunContext = contextWith(),
): Outcome {
  if (type.resume === undefined) throw new Error(`${type.type} is never resumed`);
  return type.resume(type.config.parse(config), ctx, trigger);
}

/** What publishing says about a configuration. */
export function configProblems(type: NodeType, config: unknown): readonly string[] {
  const parsed = type.config.safeParse(config);
  if (!parsed.success) return parsed.error.issues.map(({ message }) => message);
  return (type.validate?.(parsed.data) ?? []).map(({ message }) => message);
}

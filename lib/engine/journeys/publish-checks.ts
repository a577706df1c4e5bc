/** What makes a graph publishable: form, meaning, what this release can run, and the templates it needs. */
import { checkGraph } from '../../journey/check-graph.ts';
import type { Graph } from '../../journey/graph.ts';
import {
  defaultSettings,
  parseJourneySettings,
  type DrawnSettings,
  type JourneySettings,
  type ParsedSettings,
} from '../../journey/journey-settings.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import { codeProblems } from './code-checks.ts';
import type { EngineContext } from '../engine-context.ts';
import { messageProblems } from '../sends/message-checks.ts';
import { unknownSegments } from '../segments/segment-uses.ts';
import { secretProblems } from '../secrets/secret-checks.ts';
import { webhookProblems } from '../events/webhook-paths.ts';

export interface Publishable {
  readonly graph: Graph;
  readonly settings: JourneySettings;
  readonly warnings: readonly Problem[];
}

/** @throws KalciferError `journey.invalid` with every problem of the graph and of the settings */
export async function publishable(
  ctx: EngineContext,
  of: {
    readonly tenant: string;
    readonly journey: string;
    readonly settings?: DrawnSettings;
  },
  drawn: unknown,
): Promise<Publishable> {
  const { tenant, settings: drawnSettings } = of;
  const { graph, problems, warnings } = checkGraph(drawn, ctx.nodeTypes);
  const parsed: ParsedSettings =
    drawnSettings === undefined
      ? { settings: defaultSettings }
      : parseJourneySettings(drawnSettings);
  const settingsProblems = 'problems' in parsed ? parsed.problems : [];
  if (graph === undefined) throw invalidGraph([...problems, ...settingsProblems]);
  const all = [
    ...problems,
    ...settingsProblems,
    ...(problems.length > 0 ? [] : await messageProblems(ctx, tenant, graph)),
    ...(problems.length > 0 ? [] : await unknownSegments(ctx, tenant, graph)),
    ...(problems.length > 0 ? [] : await secretProblems(ctx, tenant, graph)),
    ...(problems.length > 0 ? [] : await codeProblems(ctx, graph)),
    ...(problems.length > 0 ? [] : await webhookProblems(ctx, of, graph)),
  ];
  if (all.length > 0 || 'problems' in parsed) throw invalidGraph(all);
  return { graph, settings: parsed.settings, warnings };
}

/** As many as a person reads in one message; `problems` has them all. */
const toldMax = 10;

export function invalidGraph(problems: readonly Problem[]): KalciferError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const told = problems.slice(0, toldMax).map(({ message }) => message);
  const more = problems.length > toldMax ? '; ...' : '';
  return new KalciferError('journey.invalid', `The graph has ${count}: ${told.join('; ')}${more}`, {
    problems,
  });
}

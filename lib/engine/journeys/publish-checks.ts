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
    /** Journeys that are about to give up their webhook paths. */
    readonly leaving?: ReadonlySet<string>;
  },
  drawn: unknown,
): Promise<Publishable> {
  const { tenant } = of;
  const { graph, settings, graphProblems, settingsProblems, warnings } = read(
    ctx,
    of.settings,
    drawn,
  );
  const problems = [...graphProblems, ...settingsProblems];
  if (graph === undefined || graphProblems.length > 0) throw invalidGraph(problems);
  const all = [
    ...problems,
    ...(await messageProblems(ctx, tenant, graph)),
    ...(await unknownSegments(ctx, tenant, graph)),
    ...(await secretProblems(ctx, tenant, graph)),
    ...(await codeProblems(ctx, graph)),
    ...(await webhookProblems(ctx, of, graph)),
  ];
  if (all.length > 0) throw invalidGraph(all);
  return { graph, settings, warnings };
}

/**
 * What can be said of a version without looking at its tenant: enough for one that takes nobody in.
 *
 * @throws KalciferError `journey.invalid`
 */
export function wellDrawn(
  ctx: Pick<EngineContext, 'nodeTypes'>,
  drawnSettings: DrawnSettings | undefined,
  drawn: unknown,
): Publishable {
  const { graph, settings, graphProblems, settingsProblems, warnings } = read(
    ctx,
    drawnSettings,
    drawn,
  );
  const problems = [...graphProblems, ...settingsProblems];
  if (problems.length > 0 || graph === undefined) throw invalidGraph(problems);
  return { graph, settings, warnings };
}

interface Read {
  /** Present when the form is right, whatever the rules say. */
  readonly graph?: Graph;
  readonly settings: JourneySettings;
  readonly graphProblems: readonly Problem[];
  readonly settingsProblems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

function read(
  { nodeTypes }: Pick<EngineContext, 'nodeTypes'>,
  drawnSettings: DrawnSettings | undefined,
  drawn: unknown,
): Read {
  const { problems: graphProblems, ...checked } = checkGraph(drawn, nodeTypes);
  const parsed: ParsedSettings =
    drawnSettings === undefined
      ? { settings: defaultSettings }
      : parseJourneySettings(drawnSettings);
  return 'problems' in parsed
    ? { ...checked, settings: defaultSettings, graphProblems, settingsProblems: parsed.problems }
    : { ...checked, settings: parsed.settings, graphProblems, settingsProblems: [] };
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

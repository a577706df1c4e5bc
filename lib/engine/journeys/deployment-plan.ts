/**
 * What a deployment means for one journey: which of its versions are new, which is the one that new entries are to use, and what
 * speaks against it. Nothing is written here.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  defaultSettings,
  parseJourneySettings,
  type DrawnSettings,
  type JourneySettings,
} from '../../journey/journey-settings.ts';
import { isPlainJson, sameJson } from '../../journey/plain-json.ts';
import type { Json, JsonObject } from '../../json.ts';
import { isKalciferError, type Problem } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import {
  journeyOf,
  machineOf,
  versionOf,
  type Journey,
  type JourneyVersion,
  type VersionMachine,
} from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { draftOf } from './journeys.ts';
import { publishable, wellDrawn, type Publishable } from './publish-checks.ts';

export interface DeployedVersion {
  readonly journey: string;
  readonly version: number;
  /** As it was drawn. */
  readonly graph: unknown;
  readonly settings?: DrawnSettings;
  readonly machineArn: string;
}

/** What a deployment says about one journey of one tenant. */
export interface JourneyDeployment {
  readonly tenant: string;
  readonly journey: string;
  /** In the order of their numbers; none when the journey is deployed no more. */
  readonly versions: readonly DeployedVersion[];
  /** Journeys that are deployed no more, whose webhook paths are free. */
  readonly leaving: ReadonlySet<string>;
}

export interface DeploymentPlan {
  /** The journey as it was read; absent for its first version. */
  readonly before?: Journey;
  readonly draft?: JourneyVersion;
  readonly goal: Goal;
  readonly versions: readonly VersionPlan[];
  /** What speaks against the deployment. */
  readonly problems: readonly Problem[];
}

type Goal =
  /** New entries use this version from now on. */
  | { readonly kind: 'open'; readonly version: number }
  /** Nobody is taken in any more. */
  | { readonly kind: 'close' }
  | { readonly kind: 'stay' };

export interface VersionPlan {
  readonly number: number;
  /** Nothing is published under its number yet. */
  readonly isNew: boolean;
  /** It is stored as it is deployed, and so is its machine. */
  readonly isStored: boolean;
  /** As it is to be stored. */
  readonly version: JourneyVersion;
  readonly machine: VersionMachine;
  /** Present when its graph had to be looked at and is in order. */
  readonly checked?: Publishable;
}

export async function planDeployment(
  ctx: EngineContext,
  deployment: JourneyDeployment,
): Promise<DeploymentPlan> {
  const { tenant, journey, versions } = deployment;
  const item = await ctx.table.get(keys.journey(tenant, journey));
  const before = item === undefined ? undefined : journeyOf(tenant, item);
  const draft = before === undefined ? undefined : await draftOf(ctx, before);
  const goal = await goalOf(ctx, before, versions);
  const plans: VersionPlan[] = [];
  const problems: Problem[] = [];
  for (const deployed of versions) {
    const opens = goal.kind === 'open' && goal.version === deployed.version;
    const plan = await planVersion(ctx, deployment, { deployed, before, opens });
    if ('problems' in plan) problems.push(...plan.problems.map(named(deployed)));
    else plans.push(plan);
  }
  return {
    ...(before === undefined ? {} : { before }),
    ...(draft === undefined ? {} : { draft }),
    goal,
    versions: plans,
    problems,
  };
}

/**
 * New entries use the highest version that is deployed, also backwards. What the API published is left alone, as long as its
 * number is higher; an archived journey is closed for good.
 */
async function goalOf(
  ctx: EngineContext,
  before: Journey | undefined,
  versions: readonly DeployedVersion[],
): Promise<Goal> {
  const highest = versions.at(-1)?.version;
  const active = before?.activeVersion;
  const isDeployed =
    before !== undefined &&
    active !== undefined &&
    (await machineOfVersion(ctx, before.tenant, before.id, active))?.deployed === true;
  if (highest === undefined) return isDeployed ? { kind: 'close' } : { kind: 'stay' };
  if (before?.status === 'archived') {
    const isGone = isDeployed && versions.every(({ version }) => version !== active);
    return isGone ? { kind: 'close' } : { kind: 'stay' };
  }
  if (active === highest) return { kind: 'stay' };
  if (active !== undefined && active > highest && !isDeployed) return { kind: 'stay' };
  return { kind: 'open', version: highest };
}

async function planVersion(
  ctx: EngineContext,
  { tenant, journey, leaving }: JourneyDeployment,
  of: {
    readonly deployed: DeployedVersion;
    readonly before: Journey | undefined;
    /** New entries are to use it. */
    readonly opens: boolean;
  },
): Promise<VersionPlan | { readonly problems: readonly Problem[] }> {
  const { deployed, before, opens } = of;
  const { version: number, graph, settings, machineArn } = deployed;
  const ref = { tenant, journey, version: number };
  const published = await publishedVersion(ctx, tenant, journey, number);
  if (published === undefined && before?.status === 'archived') return { problems: [archived] };
  if (published !== undefined && !isSame(published, deployed)) return { problems: [differs] };
  let checked: Publishable | undefined;
  try {
    if (opens) {
      const drawnSettings = settings === undefined ? {} : { settings };
      checked = await publishable(ctx, { tenant, journey, leaving, ...drawnSettings }, graph);
    } else if (published === undefined) checked = wellDrawn(ctx, settings, graph);
  } catch (error) {
    if (!isKalciferError(error, 'journey.invalid')) throw error;
    return { problems: error.problems ?? [] };
  }
  const now = ctx.clock.now();
  const machine: VersionMachine = { ...ref, arn: machineArn, deployed: true };
  const stored = await machineOfVersion(ctx, tenant, journey, number);
  return {
    number,
    isNew: published === undefined,
    isStored: published !== undefined && isDeepStrictEqual(stored, machine),
    version: published ?? {
      ...ref,
      status: 'deprecated',
      graph: graph as JsonObject,
      settings: checked?.settings ?? defaultSettings,
      createdAt: now,
      publishedAt: now,
    },
    machine,
    ...(checked === undefined ? {} : { checked }),
  };
}

async function publishedVersion(
  ctx: Pick<EngineContext, 'table'>,
  tenant: string,
  journey: string,
  version: number,
): Promise<JourneyVersion | undefined> {
  const item = await ctx.table.get(keys.version(tenant, journey, version));
  const stored = item === undefined ? undefined : versionOf(tenant, journey, item);
  return stored?.status === 'draft' ? undefined : stored;
}

async function machineOfVersion(
  ctx: Pick<EngineContext, 'table'>,
  tenant: string,
  journey: string,
  version: number,
): Promise<VersionMachine | undefined> {
  const item = await ctx.table.get(keys.machine(tenant, journey, version));
  return item === undefined ? undefined : machineOf(tenant, journey, item);
}

/** In any order of their keys: the table keeps none. */
function isSame(published: JourneyVersion, { graph, settings = {} }: DeployedVersion): boolean {
  const parsed = parseJourneySettings(settings);
  return (
    'settings' in parsed &&
    isPlainJson(graph, graphDepthMax) &&
    sameJson(published.graph, graph) &&
    sameJson(asJson(published.settings ?? defaultSettings), asJson(parsed.settings))
  );
}

/** Deeper than any graph that could be published. */
const graphDepthMax = 32;

function asJson(settings: JourneySettings): Json {
  return settings as unknown as Json;
}

const differs: Problem = {
  code: 'journey.version_differs',
  message: 'another graph, or other settings, were published under this number before',
  hint: 'Published versions never change: give the changed journey the next number that is free.',
};

const archived: Problem = {
  code: 'journey.archived',
  message: 'the journey is archived',
  hint: 'An archived journey takes nobody in any more: give the new one another name.',
};

function named({ journey, version }: DeployedVersion): (problem: Problem) => Problem {
  return (problem) => ({ ...problem, message: `${journey} v${version}: ${problem.message}` });
}

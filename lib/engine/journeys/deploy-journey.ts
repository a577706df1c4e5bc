/**
 * Makes one journey agree with a deployment. One group opens it on the version that new entries are to use, or closes it; then the
 * versions that take nobody in are stored, each with its machine.
 */
import type { WriteGroup } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import type { Conflict } from '../look-again.ts';
import { journeyItem, machineItem, versionItem, type Journey } from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { activate, deactivate } from './active-version.ts';
import {
  planDeployment,
  type DeploymentPlan,
  type JourneyDeployment,
  type VersionPlan,
} from './deployment-plan.ts';
import { fitsTable } from './fits-table.ts';
import { refusedDeployment } from './refused-deployment.ts';

export interface DeployedJourney {
  /** Numbers of versions that are new. */
  readonly published: readonly number[];
  /** The version that new entries use from now on. */
  readonly opened?: number;
  /** Nobody is taken in any more from now on. */
  readonly closed: boolean;
}

/** @throws KalciferError as `refusedDeployment` when something speaks against it; `journey.too_large` */
export async function deployJourney(
  ctx: EngineContext,
  deployment: JourneyDeployment,
): Promise<DeployedJourney | Conflict> {
  const plan = await planDeployment(ctx, deployment);
  if (plan.problems.length > 0) throw refusedDeployment(plan.problems);
  if (draftIsInTheWay(plan)) return moveDraft(ctx, plan);
  const { goal } = plan;
  const opened =
    goal.kind === 'open' ? plan.versions.find(({ number }) => number === goal.version) : undefined;
  if (await isRefused(ctx, plan, opened)) return 'conflict';
  for (const version of plan.versions) {
    if (version === opened || version.isStored) continue;
    if ((await store(ctx, version)) === 'conflict') return 'conflict';
  }
  return {
    published: plan.versions.filter(({ isNew }) => isNew).map(({ number }) => number),
    ...(opened === undefined ? {} : { opened: opened.number }),
    closed: goal.kind === 'close',
  };
}

/** Opens or closes the journey; true when somebody else changed it meanwhile. */
async function isRefused(
  ctx: EngineContext,
  { before, goal }: DeploymentPlan,
  opened: VersionPlan | undefined,
): Promise<boolean> {
  if (goal.kind === 'close' && before !== undefined) {
    return (await deactivate(ctx, before)) === 'conflict';
  }
  if (opened?.checked === undefined) return false;
  const { version, machine, checked } = opened;
  const activated = await activate(ctx, {
    ...(before === undefined ? {} : { before }),
    version: { ...version, status: 'published', settings: checked.settings },
    graph: checked.graph,
    machine,
  });
  return activated === 'conflict';
}

async function store(
  ctx: EngineContext,
  { isNew, version, machine }: VersionPlan,
): Promise<'stored' | Conflict> {
  const group: WriteGroup = {
    name: 'version.store',
    writes: [
      ...(isNew ? [{ put: versionItem(version), if: 'absent' as const }] : []),
      { put: machineItem(machine) },
    ],
  };
  const answer = await fitsTable(version.journey, () => ctx.table.write(group));
  return answer.done ? 'stored' : 'conflict';
}

/** A draft has the newest number, which is only given for good when it is published. */
function draftIsInTheWay({ draft, versions }: DeploymentPlan): boolean {
  return (
    draft !== undefined && versions.some(({ isNew, number }) => isNew && number >= draft.version)
  );
}

async function moveDraft(
  ctx: EngineContext,
  { before, draft, versions }: DeploymentPlan,
): Promise<Conflict> {
  if (before === undefined || draft === undefined) return 'conflict';
  const latestVersion = Math.max(draft.version, ...versions.map(({ number }) => number)) + 1;
  const after: Journey = { ...before, latestVersion, revision: before.revision + 1 };
  await ctx.table.write({
    name: 'draft.move',
    writes: [
      { put: journeyItem(after), if: { revision: before.revision } },
      { put: versionItem({ ...draft, version: latestVersion }) },
      { delete: keys.version(draft.tenant, draft.journey, draft.version) },
    ],
  });
  return 'conflict';
}

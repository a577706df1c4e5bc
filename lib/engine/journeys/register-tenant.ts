/**
 * Makes the deployed versions of one tenant agree with a deployment, in three steps: what it means and what speaks against it; the
 * change; and, when nobody can be on the way into what is deployed no more, its end.
 */
import type { Problem } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import { readPartition } from '../read-pages.ts';
import { machineOf } from '../records/journey.ts';
import { journeyPk, keys, machinePrefix } from '../records/keys.ts';
import { deployJourney } from './deploy-journey.ts';
import { planDeployment, type DeployedVersion, type JourneyDeployment } from './deployment-plan.ts';
import { listJourneys } from './journeys.ts';
import { refusedDeployment } from './refused-deployment.ts';
import { countInstances, nameOf, versionsInUse, type VersionName } from './versions-in-use.ts';

export interface Registration {
  readonly tenant: string;
  /** One for each journey that is deployed or was. */
  readonly deployments: readonly JourneyDeployment[];
  /** Versions that are deployed no more. */
  readonly removed: readonly VersionName[];
  /** What speaks against it. */
  readonly problems: readonly Problem[];
}

/** What was changed for a tenant; nothing, when the deployment was registered before. */
export interface Registered {
  readonly tenant: string;
  /** Versions that are new. */
  readonly published: readonly VersionName[];
  /** Versions that new entries use from now on. */
  readonly opened: readonly VersionName[];
  /** Journeys that take nobody in any more. */
  readonly closed: readonly string[];
  /** Versions that are deployed no more. */
  readonly removed: readonly VersionName[];
}

export async function planRegistration(
  ctx: EngineContext,
  tenant: string,
  versions: readonly DeployedVersion[],
): Promise<Registration> {
  const removed = (await deployedVersions(ctx, tenant)).filter(
    (known) => !versions.some((version) => isSameVersion(version, known)),
  );
  const deployments = deploymentsOf(tenant, versions, removed);
  const problems: Problem[] = [];
  for (const deployment of deployments) {
    problems.push(...(await planDeployment(ctx, deployment)).problems);
  }
  const counts = await countInstances(ctx, tenant, removed);
  problems.push(...versionsInUse(tenant, removed, counts));
  return { tenant, deployments, removed, problems };
}

/** @throws KalciferError as `refusedDeployment`, when something has come to speak against it meanwhile */
export async function carryOutRegistration(
  ctx: EngineContext,
  { tenant, deployments, removed }: Registration,
): Promise<Registered> {
  const published: VersionName[] = [];
  const opened: VersionName[] = [];
  const closed: string[] = [];
  for (const deployment of deployments) {
    const { journey } = deployment;
    const changed = await lookAgain(() => deployJourney(ctx, deployment));
    published.push(...changed.published.map((version) => ({ journey, version })));
    if (changed.opened !== undefined) opened.push({ journey, version: changed.opened });
    if (changed.closed) closed.push(journey);
  }
  return { tenant, published, opened, closed, removed };
}

/**
 * The machines of removed versions go with the deployment. A version that nobody ever was in leaves no trace: after a deployment
 * that failed, its number can be used for another graph.
 *
 * @throws KalciferError `journey.version_in_use` when somebody came in at the last moment
 */
export async function forgetVersions(
  ctx: EngineContext,
  { tenant, removed }: Pick<Registration, 'tenant' | 'removed'>,
): Promise<void> {
  const counts = await countInstances(ctx, tenant, removed);
  const problems = versionsInUse(tenant, removed, counts);
  if (problems.length > 0) throw refusedDeployment(problems);
  for (const { journey, version } of removed) {
    const wasUsed = counts.has(nameOf({ journey, version }));
    await ctx.table.write({
      name: 'version.forget',
      writes: [
        { delete: keys.machine(tenant, journey, version) },
        ...(wasUsed ? [] : [{ delete: keys.version(tenant, journey, version) }]),
      ],
    });
  }
}

/** Journeys that close come first, and give their webhook paths back. */
function deploymentsOf(
  tenant: string,
  versions: readonly DeployedVersion[],
  removed: readonly VersionName[],
): readonly JourneyDeployment[] {
  const deployed = new Set(versions.map(({ journey }) => journey));
  const leaving = new Set(
    removed.map(({ journey }) => journey).filter((journey) => !deployed.has(journey)),
  );
  return [...leaving, ...deployed].map((journey) => ({
    tenant,
    journey,
    versions: versions
      .filter((version) => version.journey === journey)
      .toSorted((a, b) => a.version - b.version),
    leaving,
  }));
}

async function deployedVersions(
  ctx: EngineContext,
  tenant: string,
): Promise<readonly VersionName[]> {
  const deployed: VersionName[] = [];
  for (const { id: journey } of await listJourneys(ctx, tenant)) {
    const query = { pk: journeyPk(tenant, journey), prefix: machinePrefix };
    for await (const item of readPartition(ctx.table, query)) {
      const machine = machineOf(tenant, journey, item);
      if (machine.deployed === true) deployed.push({ journey, version: machine.version });
    }
  }
  return deployed;
}

export function isSameVersion(a: VersionName, b: VersionName): boolean {
  return a.journey === b.journey && a.version === b.version;
}

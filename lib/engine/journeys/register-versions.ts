/**
 * Makes the deployed versions of a tenant agree with a deployment: those that are new are published with their numbers and machines,
 * the highest of each journey is the one that new entries use, and versions that are deployed no more are forgotten, unless
 * customers are still in them. Only what came by deployment is touched; what was published through the API is left alone.
 *
 * It may be called again at any time and with any older list: a deployment that is rolled back brings back what was there.
 */
import { isJsonObject } from '../../json.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import { idProblem } from '../check-input.ts';
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

export type { DeployedVersion } from './deployment-plan.ts';

export interface RegisterRequest {
  readonly tenant: string;
  /** All that are deployed; what is not here is deployed no more. */
  readonly versions: readonly DeployedVersion[];
}

/** What was changed; nothing, when the deployment was registered before. */
export interface Registered {
  /** Versions that are new. */
  readonly published: readonly VersionName[];
  /** Versions that new entries use from now on. */
  readonly opened: readonly VersionName[];
  /** Journeys that take nobody in any more. */
  readonly closed: readonly string[];
  /** Versions that are deployed no more. */
  readonly removed: readonly VersionName[];
}

/**
 * @throws KalciferError with every problem: `input.invalid`, `journey.invalid`, `journey.version_differs` when another graph was
 *   published under a number before, `journey.archived`. Nothing is changed then.
 * @throws KalciferError `journey.version_in_use` when customers are in a version that is deployed no more. Nothing is changed, unless
 *   they came in at the last moment; then the older list brings everything back.
 */
export async function registerVersions(
  ctx: EngineContext,
  request: RegisterRequest,
): Promise<Registered> {
  checkRequest(request);
  const { tenant, versions } = request;
  const removed = (await deployedVersions(ctx, tenant)).filter(
    (known) => !versions.some((version) => isSameVersion(version, known)),
  );
  const deployments = deploymentsOf(request, removed);
  const problems: Problem[] = [];
  for (const deployment of deployments) {
    problems.push(...(await planDeployment(ctx, deployment)).problems);
  }
  const counts = await countInstances(ctx, tenant, removed);
  problems.push(...versionsInUse(tenant, removed, counts));
  if (problems.length > 0) throw refusedDeployment(problems);

  const changes = new Map<string, Awaited<ReturnType<typeof deploy>>>();
  const deploy = (deployment: JourneyDeployment) => lookAgain(() => deployJourney(ctx, deployment));
  for (const deployment of deployments) changes.set(deployment.journey, await deploy(deployment));
  await forget(ctx, tenant, removed);
  return {
    published: [...changes].flatMap(([journey, { published }]) =>
      published.map((version) => ({ journey, version })),
    ),
    opened: [...changes].flatMap(([journey, { opened }]) =>
      opened === undefined ? [] : [{ journey, version: opened }],
    ),
    closed: [...changes].flatMap(([journey, { closed }]) => (closed ? [journey] : [])),
    removed,
  };
}

/** One for each journey that is deployed or was; those that close come first, and give their webhook paths back. */
function deploymentsOf(
  { tenant, versions }: RegisterRequest,
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

/**
 * Their machines go with the deployment. Nobody comes into them any more, but an enrolment that had read the journey before may
 * still be about to write its instance, and the index that instances are counted by lags behind the table: after a while that covers
 * both, they are counted again.
 *
 * A version that nobody ever was in leaves no trace: after a deployment that failed, its number can be used for another graph.
 */
async function forget(
  ctx: EngineContext,
  tenant: string,
  removed: readonly VersionName[],
): Promise<void> {
  if (removed.length === 0) return;
  await new Promise<void>((resolve) => {
    ctx.clock.wakeAt(ctx.clock.now() + lastEntriesMs, resolve);
  });
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

const lastEntriesMs = 5_000;

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

function isSameVersion(a: VersionName, b: VersionName): boolean {
  return a.journey === b.journey && a.version === b.version;
}

const versionMax = 999_999;

function checkRequest({ tenant, versions }: RegisterRequest): void {
  const problems: Problem[] = [];
  const wrong = (path: string, message: string): void => {
    problems.push({ code: 'input.field', path, message: `${path} ${message}` });
  };
  const checkId = (path: string, value: unknown): void => {
    const problem = idProblem(value);
    if (problem !== undefined) wrong(path, problem);
  };
  checkId('tenant', tenant);
  for (const [at, { journey, version, settings, machineArn }] of versions.entries()) {
    const path = `versions[${at}]`;
    checkId(`${path}.journey`, journey);
    if (typeof machineArn !== 'string' || machineArn === '') {
      wrong(`${path}.machineArn`, 'must be a text');
    }
    if (!Number.isInteger(version) || version < 1 || version > versionMax) {
      wrong(`${path}.version`, `must be a whole number from 1 to ${versionMax}`);
    }
    if (settings !== undefined && !isJsonObject(settings)) {
      wrong(`${path}.settings`, 'must be an object');
    }
    const first = versions.findIndex((other) => isSameVersion(other, { journey, version }));
    if (first < at) wrong(path, `is the same version as versions[${first}]`);
  }
  if (problems.length === 0) return;
  const said = problems.map(({ message }) => message).join('; ');
  throw new KalciferError('input.invalid', `${said}.`, { problems });
}

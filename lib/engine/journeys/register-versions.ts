/**
 * Makes the deployed versions of every tenant agree with a deployment: those that are new are published with their numbers and
 * machines, the highest of each journey is the one that new entries use, and versions that are deployed no more are forgotten, unless
 * customers are still in them. Only what came by deployment is touched; what was published through the API is left alone.
 *
 * It may be called again at any time and with any older list: a deployment that is rolled back brings back what was there.
 */
import { isJsonObject } from '../../json.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import { idProblem } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { readPartition } from '../read-pages.ts';
import { keyParts, tenantsPk } from '../records/keys.ts';
import type { DeployedVersion } from './deployment-plan.ts';
import { isAboutEarlier, refusedDeployment } from './refused-deployment.ts';
import {
  carryOutRegistration,
  forgetVersions,
  isSameVersion,
  planRegistration,
  type Registered,
  type Registration,
} from './register-tenant.ts';

export interface RegisterRequest {
  /** Who has these journeys; for everybody else, nothing is deployed. */
  readonly tenants: readonly string[];
  /** All that are deployed; what is not here is deployed no more. */
  readonly versions: readonly DeployedVersion[];
}

/**
 * @returns what was changed, by tenant
 * @throws KalciferError with every problem: `input.invalid`, `journey.invalid`, `journey.version_differs` when another graph was
 *   published under a number before, `journey.archived`. Nothing is changed then, for nobody.
 * @throws KalciferError `journey.version_in_use` when customers are in a version that is deployed no more. Nothing is changed,
 *   unless they came in at the last moment; then the older list brings everything back.
 */
export async function registerVersions(
  ctx: EngineContext,
  request: RegisterRequest,
): Promise<readonly Registered[]> {
  const registrations = await planAll(ctx, request);
  const problems = problemsOf(registrations);
  if (problems.length > 0) throw refusedDeployment(problems);

  const registered: Registered[] = [];
  for (const registration of registrations) {
    registered.push(await carryOutRegistration(ctx, registration));
  }
  const leaving = registrations.filter(({ removed }) => removed.length > 0);
  if (leaving.length > 0) await untilNobodyIsOnTheWay(ctx);
  for (const registration of leaving) await forgetVersions(ctx, registration);
  return registered;
}

/**
 * Asks what was deployed before whether it speaks against a deployment, before anything of it is there: whether graphs and templates
 * fit together, only registering can tell. Nothing is changed.
 *
 * @throws KalciferError `input.invalid`, `journey.version_differs`, `journey.archived`, `journey.version_in_use`
 */
export async function checkVersions(ctx: EngineContext, request: RegisterRequest): Promise<void> {
  const problems = problemsOf(await planAll(ctx, request)).filter(isAboutEarlier);
  if (problems.length > 0) throw refusedDeployment(problems);
}

async function planAll(
  ctx: EngineContext,
  request: RegisterRequest,
): Promise<readonly Registration[]> {
  checkRequest(request);
  const { tenants, versions } = request;
  const registrations: Registration[] = [];
  for (const tenant of new Set([...(await knownTenants(ctx)), ...tenants])) {
    const deployed = tenants.includes(tenant) ? versions : [];
    registrations.push(await planRegistration(ctx, tenant, deployed));
  }
  return registrations;
}

/** What is wrong with a graph is wrong with it for every tenant. */
function problemsOf(registrations: readonly Registration[]): readonly Problem[] {
  const problems = registrations.flatMap((registration) => registration.problems);
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

/**
 * Nobody comes into what was closed, but an enrolment that had read the journey before may still be about to write its instance, and
 * the index that instances are counted by lags behind the table. This covers both.
 */
function untilNobodyIsOnTheWay({ clock }: Pick<EngineContext, 'clock'>): Promise<void> {
  return new Promise((resolve) => {
    clock.wakeAt(clock.now() + lastEntriesMs, resolve);
  });
}

const lastEntriesMs = 5_000;

async function knownTenants({ table }: Pick<EngineContext, 'table'>): Promise<readonly string[]> {
  const tenants: string[] = [];
  for await (const { sk } of readPartition(table, { pk: tenantsPk })) {
    tenants.push(keyParts(sk)[0] ?? '');
  }
  return tenants;
}

const versionMax = 999_999;

function checkRequest({ tenants, versions }: RegisterRequest): void {
  const problems: Problem[] = [];
  const wrong = (path: string, message: string): void => {
    problems.push({ code: 'input.field', path, message: `${path} ${message}` });
  };
  const checkId = (path: string, value: unknown): void => {
    const problem = idProblem(value);
    if (problem !== undefined) wrong(path, problem);
  };
  for (const [at, tenant] of tenants.entries()) checkId(`tenants[${at}]`, tenant);
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

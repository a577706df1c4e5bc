/**
 * A change of a profile, and whom it may take out of a journey: instances whose exit criteria look at the customer are found beside
 * the profile, in the same read (semantics 3.3). With the change, each of them is promised a look, so that a death right after it
 * loses nobody; customers whom no journey watches pay nothing.
 */
import type { Item, Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { leavesByCriteria } from '../instances/exit-by-criteria.ts';
import { followProfile } from './follow-profile.ts';
import { preparedVersionOf } from '../journeys/load-version.ts';
import { orLeaveToSweeper } from '../leave-to-sweeper.ts';
import { profileWatcherOf } from '../records/exit-watch.ts';
import { instanceOf, isTerminal } from '../records/instance.ts';
import { customerPk, keys, profilePrefix } from '../records/keys.ts';
import { profileItem, profileOf, type Profile } from '../records/profile.ts';
import { keepPromise, promise } from '../records/promise.ts';
import { isOwed } from '../steps/step-writes.ts';

/** A customer's profile as it is read to be changed. */
export interface ReadProfile {
  readonly tenant: string;
  readonly customer: string;
  readonly item: Item | undefined;
  readonly profile: Profile;
  /** Instances that a change may take out. */
  readonly watchers: readonly string[];
}

/** A group of writes holds a hundred: the looks of more instances than this are not promised, only made. */
const promisedMax = 40;

const watchersMax = 1_000;

export async function readProfile(
  { table }: EngineContext,
  of: { readonly tenant: string; readonly customer: string },
): Promise<ReadProfile> {
  const { tenant, customer } = of;
  const key = keys.profile(tenant, customer);
  const pk = customerPk(tenant, customer);
  const { items } = await table.query({ pk, prefix: profilePrefix, limit: watchersMax });
  const item = items.find(({ sk }) => sk === key.sk);
  const watchers = items.filter(({ sk }) => sk !== key.sk).map(profileWatcherOf);
  return { tenant, customer, item, profile: profileOf(item), watchers };
}

/** What a change of a profile brings with it. */
export interface ProfileMove {
  /** Belong into the group that changes the profile; the profile itself is among them. */
  readonly writes: readonly Write[];
  /** To be called when that group is written: whoever has to leave a journey leaves, whoever comes into one comes in. */
  readonly follow: () => Promise<void>;
}

/** @param by the instance whose node makes the change: its next node looks anyway */
export async function moveProfile(
  ctx: EngineContext,
  read: ReadProfile,
  changed: Profile,
  now: number,
  by?: string,
): Promise<ProfileMove> {
  const { tenant, customer, item, profile } = read;
  const { writes, follow } = await followProfile(ctx, {
    tenant,
    customer,
    ...(item === undefined ? {} : { before: profile }),
    after: changed,
  });
  return {
    writes: [...changeWrites(read, changed, now, by), ...writes],
    follow: async () => {
      await lookAtWatchers(ctx, read);
      await follow();
    },
  };
}

/** Puts the changed profile on the condition that it is as it was read. */
function changeWrites(
  read: ReadProfile,
  changed: Profile,
  now: number,
  by: string | undefined,
): readonly Write[] {
  const { tenant, customer, item, profile } = read;
  const others = read.watchers.filter((id) => id !== by);
  return [
    {
      put: profileItem(tenant, customer, changed),
      if: item === undefined ? 'absent' : { revision: profile.revision },
    },
    ...others.slice(0, promisedMax).map((id) => promise({ tenant, id }, now)),
  ];
}

/** After the change: whoever has to leave leaves. */
async function lookAtWatchers(
  ctx: EngineContext,
  { tenant, watchers }: Pick<ReadProfile, 'tenant' | 'watchers'>,
): Promise<void> {
  await orLeaveToSweeper(async () => {
    for (const id of watchers) await lookAtWatcher(ctx, { tenant, id });
  });
}

/**
 * Takes the instance out if its criteria hold, and strikes the promise to look unless something else is owed.
 *
 * @returns true when it has left
 */
export async function lookAtWatcher(
  ctx: EngineContext,
  of: { readonly tenant: string; readonly id: string },
): Promise<boolean> {
  const item = await ctx.table.get(keys.instance(of.tenant, of.id));
  if (item === undefined) return false;
  const instance = instanceOf(item);
  if (isTerminal(instance)) return false;
  const version = await preparedVersionOf(ctx, instance);
  if (await leavesByCriteria(ctx, instance, version)) return true;
  if (isOwed(instance)) return false;
  await ctx.table.write({
    name: 'promise.keep',
    writes: [
      { check: keys.instance(of.tenant, of.id), if: { revision: instance.revision } },
      keepPromise(instance),
    ],
  });
  return false;
}

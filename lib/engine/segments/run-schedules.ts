/**
 * Runs the schedules that are due: each time is claimed once, then all profiles of the tenant are looked at, page by page. The page
 * that was done last is on record, so a look that a crash cut short is taken up where it was.
 */
import { nextCronTime } from '../../journey/cron.ts';
import type { EngineContext } from '../engine-context.ts';
import { followedSegments, forgetFollowedSegments } from './followed-segments.ts';
import { lookAtCustomer } from '../customers/look-at-customer.ts';
import { readPartition } from '../read-pages.ts';
import { entryOf } from '../records/entry.ts';
import { journeyOf } from '../records/journey.ts';
import { keys, profilesIndex, schedulesPk } from '../records/keys.ts';
import { scheduleItem, scheduleOf, type Look, type Schedule } from '../records/schedule.ts';

/**
 * @param hasTime asked before each schedule and each page; the next run goes on with what is left
 * @returns how many looks were finished
 * @throws the first error of any schedule, when the others have been run; the next run goes on with it
 */
export async function runSchedules(
  ctx: EngineContext,
  hasTime = (): boolean => true,
): Promise<number> {
  let finished = 0;
  const failures: unknown[] = [];
  for await (const item of readPartition(ctx.table, { pk: schedulesPk })) {
    if (!hasTime()) break;
    try {
      const claimed = await claim(ctx, scheduleOf(item));
      if (claimed !== undefined && (await look(ctx, claimed, hasTime))) finished += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return finished;
}

/** When `runSchedules` next has something to do, in epoch milliseconds; undefined when there are no schedules. */
export async function nextScheduleAt(
  ctx: Pick<EngineContext, 'table'>,
): Promise<number | undefined> {
  let next: number | undefined;
  for await (const item of readPartition(ctx.table, { pk: schedulesPk })) {
    const { dueAt } = scheduleOf(item);
    if (next === undefined || dueAt < next) next = dueAt;
  }
  return next;
}

type Claimed = Schedule & { readonly look: Look };

/** Long enough for a page; whoever is at it claims it anew with each. */
const leaseMs = 60_000;

/** The look of a time that has come, or one that nobody is at any more. Times that were missed are made up for by one look. */
async function claim(ctx: EngineContext, schedule: Schedule): Promise<Claimed | undefined> {
  const now = ctx.clock.now();
  const { look: open } = schedule;
  if (open !== undefined) {
    if (ctx.process.mayBeAlive(open.owner) && open.leaseUntil > now) return undefined;
    return keep(ctx, schedule, { ...schedule, look: { ...open, ...leaseOf(ctx, now) } });
  }
  if (schedule.dueAt > now) return undefined;
  const dueAt = nextCronTime(schedule.cron, now);
  switch (await stateOf(ctx, schedule)) {
    case 'open':
      return keep(ctx, schedule, {
        ...schedule,
        dueAt,
        look: leaseOf(ctx, now),
      });
    case 'closed':
      await keep(ctx, schedule, { ...schedule, dueAt });
      return undefined;
    case 'gone':
      await ctx.table.write({
        name: 'schedule.remove',
        writes: [{ delete: keyOf(schedule), if: { revision: schedule.revision } }],
      });
      return undefined;
  }
}

/** Whether the journey takes customers in by this entry: its entry rows say so. */
async function stateOf(
  ctx: EngineContext,
  { tenant, journey, node, segment }: Schedule,
): Promise<'open' | 'closed' | 'gone'> {
  const [entryRow, journeyRow] = await Promise.all([
    ctx.table.get(keys.entry(tenant, { kind: 'segment', trigger: segment, journey, node })),
    ctx.table.get(keys.journey(tenant, journey)),
  ]);
  if (entryRow !== undefined && entryOf(entryRow).schedule !== undefined) return 'open';
  if (journeyRow === undefined || journeyOf(tenant, journeyRow).status === 'archived')
    return 'gone';
  return 'closed';
}

/** @returns whether it came to the end; not, when time is up or somebody else has taken it over */
async function look(
  ctx: EngineContext,
  claimed: Claimed,
  hasTime: () => boolean,
): Promise<boolean> {
  const { tenant, segment, journey, node } = claimed;
  forgetFollowedSegments(ctx, tenant);
  let schedule = claimed;
  for (;;) {
    const { after } = schedule.look;
    const page = await ctx.table.queryIndex({
      index: profilesIndex(tenant),
      limit: pageProfiles,
      ...(after === undefined ? {} : { after }),
    });
    const followed = await followedSegments(ctx, tenant);
    const looked = followed.find((each) => each.segment.id === segment);
    if (looked !== undefined) {
      const looking = { tenant, followed: looked, entry: { journey, node } };
      await Promise.all(page.items.map((item) => lookAtCustomer(ctx, looking, item)));
    }
    const last = page.items.at(-1);
    if (!page.more || last === undefined) return finish(ctx, schedule);
    const next = await keep(ctx, schedule, {
      ...schedule,
      look: { after: { pk: last.pk, sk: last.sk }, ...leaseOf(ctx, ctx.clock.now()) },
    });
    if (next === undefined || !hasTime()) return false;
    schedule = next;
  }
}

/** Profiles that are looked at together: so much is done again after a crash. */
const pageProfiles = 100;

async function finish(ctx: EngineContext, schedule: Claimed): Promise<boolean> {
  const { look: _done, ...rest } = schedule;
  return (await keep(ctx, schedule, rest)) !== undefined;
}

/** Writes the row, provided that nobody else has; undefined when somebody has. */
async function keep<After extends Schedule>(
  ctx: EngineContext,
  before: Schedule,
  after: After,
): Promise<After | undefined> {
  const next = { ...after, revision: before.revision + 1 };
  const answer = await ctx.table.write({
    name: 'schedule.claim',
    writes: [{ put: scheduleItem(next), if: { revision: before.revision } }],
  });
  return answer.done ? next : undefined;
}

function leaseOf(ctx: EngineContext, now: number): Pick<Look, 'owner' | 'leaseUntil'> {
  return { owner: ctx.process.id, leaseUntil: now + leaseMs };
}

function keyOf({ tenant, journey, node }: Schedule): ReturnType<typeof keys.schedule> {
  return keys.schedule(tenant, journey, node);
}

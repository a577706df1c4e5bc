/**
 * Enrols many customers in one journey. The batch is checked as a whole before anything is stored; then each item succeeds or is
 * refused on its own, and is written in one group. An item with an id is done once, however often it is sent.
 */
import type { JsonObject } from '../../json.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import { checkIds, enrolmentProblems } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { enrol, openJourney } from './enrol.ts';
import { batchItemOf, putBatchItem } from '../records/batch-item.ts';
import { keys } from '../records/keys.ts';

export interface BatchRequest {
  readonly tenant: string;
  readonly journey: string;
  readonly items: readonly BatchItem[];
}

export interface BatchItem {
  readonly customer: string;
  readonly entry?: string;
  readonly context?: JsonObject;
  /** Names the item for a week: sent again, it answers the instance that it created. */
  readonly id?: string;
}

export type BatchOutcome =
  | { readonly instance: string }
  | { readonly refused: { readonly code: string; readonly message: string } };

export const batchItemsMax = 500;

/** Enough to fill groups of commits, few enough to leave room for others. */
const customersAtOnce = 50;

/**
 * @returns one outcome per item, in order; of several items for one customer, the first that may enter does
 * @throws KalciferError `input.invalid` with every problem of every item; `journey.unknown`, `journey.not_active`. Nothing is
 *   stored then. `table.unavailable` may leave the batch half done: send it again, with ids.
 */
export async function enrolBatch(
  ctx: EngineContext,
  request: BatchRequest,
): Promise<readonly BatchOutcome[]> {
  const { tenant, journey, items } = request;
  checkIds({ tenant, journey });
  checkItems(request);
  await openJourney(ctx, tenant, journey);
  const outcomes = new Map<BatchItem, BatchOutcome>();
  const queue = [...byCustomer(items)];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const item of next) outcomes.set(item, await enrolItem(ctx, request, item));
    }
  };
  await Promise.all(Array.from({ length: customersAtOnce }, work));
  return items.flatMap((item) => outcomes.get(item) ?? []);
}

function checkItems({ tenant, journey, items }: BatchRequest): void {
  const problems: Problem[] = [];
  if (items.length === 0 || items.length > batchItemsMax) {
    problems.push(problem('items', `items must be 1 to ${batchItemsMax}, not ${items.length}`));
  }
  const places = new Map<string, number>();
  for (const [at, { id, ...item }] of items.slice(0, batchItemsMax).entries()) {
    const place = `items[${at}]`;
    for (const { path = '', message } of enrolmentProblems({ tenant, journey, ...item, id })) {
      problems.push(problem(`${place}.${path}`, `${place}.${message}`));
    }
    const before = id === undefined ? undefined : places.get(id);
    if (before !== undefined) {
      problems.push(problem(`${place}.id`, `${place}.id is the id of items[${before}] already`));
    } else if (id !== undefined) places.set(id, at);
  }
  if (problems.length === 0) return;
  const said = problems.map(({ message }) => message).join('; ');
  throw new KalciferError('input.invalid', `${said}.`, { problems });
}

function problem(path: string, message: string): Problem {
  return { code: 'input.field', path, message };
}

function byCustomer(items: readonly BatchItem[]): Iterable<readonly BatchItem[]> {
  const groups = new Map<string, BatchItem[]>();
  for (const item of items) {
    const group = groups.get(item.customer);
    if (group === undefined) groups.set(item.customer, [item]);
    else group.push(item);
  }
  return groups.values();
}

async function enrolItem(
  ctx: EngineContext,
  { tenant, journey }: BatchRequest,
  { id, ...item }: BatchItem,
): Promise<BatchOutcome> {
  const request = { tenant, journey, ...item };
  if (id === undefined) return orRefused(() => enrol(ctx, request));
  const done = await doneBefore(ctx, tenant, journey, id);
  if (done !== undefined) return done;
  const now = ctx.clock.now();
  const instance = ctx.ids.next(now);
  const record = putBatchItem(tenant, journey, id, { instance, at: now });
  const outcome = await orRefused(() => enrol(ctx, { ...request, instance }, record));
  // The same item may have been enrolled by somebody else at this very moment.
  return 'instance' in outcome
    ? outcome
    : ((await doneBefore(ctx, tenant, journey, id)) ?? outcome);
}

async function doneBefore(
  ctx: EngineContext,
  tenant: string,
  journey: string,
  id: string,
): Promise<BatchOutcome | undefined> {
  const item = await ctx.table.get(keys.batchItem(tenant, journey, id));
  return item === undefined ? undefined : { instance: batchItemOf(item).instance };
}

/** What is wrong with one customer or one item refuses that item alone; a store that is away refuses the rest. */
async function orRefused(
  work: () => Promise<{ readonly instance: string }>,
): Promise<BatchOutcome> {
  try {
    return { instance: (await work()).instance };
  } catch (error) {
    if (error instanceof KalciferError && refusals.has(error.code)) {
      return { refused: { code: error.code, message: error.message } };
    }
    throw error;
  }
}

const refusals: ReadonlySet<string> = new Set([
  'customer.capped',
  'instance.already_in_journey',
  'instance.reentry_refused',
  'journey.entry_unknown',
  'journey.not_active',
]);

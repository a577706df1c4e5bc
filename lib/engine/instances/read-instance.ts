/** Reads what is recorded about one instance, for its own tenant only. */
import { KalciferError } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { instanceOf, type Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';

/** @throws KalciferError `instance.unknown`, also for an instance of another tenant */
export async function readInstance(
  ctx: Pick<EngineContext, 'table'>,
  of: { readonly tenant: string; readonly instance: string },
): Promise<Instance> {
  const item = await ctx.table.get(keys.instance(of.tenant, of.instance));
  if (item === undefined) {
    throw new KalciferError('instance.unknown', `There is no instance "${of.instance}".`);
  }
  return instanceOf(item);
}

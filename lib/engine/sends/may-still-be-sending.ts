/** Whether whoever claimed a message may be about to record what became of it: its owner is alive and its lease is not over. */
import type { EngineContext } from '../engine-context.ts';
import type { Send } from '../records/step.ts';

export function mayStillBeSending(ctx: EngineContext, send: Send): boolean {
  return (
    send.owner !== undefined &&
    ctx.process.mayBeAlive(send.owner) &&
    (send.leaseUntil ?? 0) > ctx.clock.now()
  );
}

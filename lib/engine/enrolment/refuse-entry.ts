/** Whom a journey turns away at the door by its settings: customers who may not come back yet, or who have had enough messages. */
import { isExhausted } from '../../journey/frequency-cap.ts';
import { spellInstant } from '../../journey/instant.ts';
import type { Reentry } from '../../journey/journey-settings.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import type { PreparedVersion } from '../journeys/prepared-version.ts';
import type { Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import type { Membership } from '../records/membership.ts';
import { sendTimesOf } from '../records/send-times.ts';
import { explainCap } from '../sends/reserve-send.ts';

/** @throws KalciferError `instance.reentry_refused`, with the instant from which the customer may come back, if there is one */
export function refuseReentry(
  reentry: Reentry,
  last: Membership,
  { journey, enteredAt: now }: Pick<Instance, 'journey' | 'enteredAt'>,
): void {
  if (reentry.kind === 'after_completion') return;
  if (reentry.kind === 'never') {
    throw new KalciferError(
      'instance.reentry_refused',
      `The customer has been in journey "${journey}", which takes nobody twice.`,
    );
  }
  const from = (last.endedAt ?? now) + reentry.ms;
  if (now >= from) return;
  const instant = spellInstant(from);
  throw new KalciferError(
    'instance.reentry_refused',
    `The customer may enter journey "${journey}" again at ${instant}.`,
    { data: { allowed_from: instant } },
  );
}

/**
 * The entry cap (semantics 3.4). Only the journey's own caps are looked at; nothing is reserved.
 *
 * @throws KalciferError `customer.capped` when one of them is exhausted and the journey turns such customers away
 */
export async function refuseIfCapped(
  ctx: EngineContext,
  of: {
    readonly tenant: string;
    readonly customer: string;
    readonly journey: string;
    readonly entry: string;
    /** Present when an event, or the body of a webhook, opened the entry. */
    readonly event?: unknown;
  },
  { settings, caps, nodes }: PreparedVersion,
): Promise<void> {
  if (settings.entryCap === 'none') return;
  const { type, config } = nodes.get(of.entry) ?? {};
  const isRequest = of.event === undefined || type?.entry?.(config as never).kind === 'webhook';
  if (settings.entryCap === 'requests' && !isRequest) return;
  const { sends } = sendTimesOf(await ctx.table.get(keys.sendTimes(of.tenant, of.customer)));
  const now = ctx.clock.now();
  const by = caps.find((cap) => isExhausted(sends, cap, now));
  if (by === undefined) return;
  throw new KalciferError(
    'customer.capped',
    `The customer has had enough messages for journey "${of.journey}": ${explainCap(by)}.`,
  );
}

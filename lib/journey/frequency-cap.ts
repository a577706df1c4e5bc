/**
 * Frequency caps as arithmetic: given when a customer was sent something, whether one more message may go out now, and what to
 * remember afterwards (semantics 3.4). Pure; the engine keeps the times in the table and decides races there.
 *
 * A window is half-open: a message at time t counts for now when `now - window < t <= now`. A cap holds for every window, also for
 * those that end after now: clocks of several machines differ, and time may seem to go back.
 */
import type { FrequencyCap } from './graph.ts';

/** When messages were sent to one customer, in epoch milliseconds, oldest first, by channel. */
export interface SendTimes {
  readonly byChannel: Readonly<Record<string, readonly number[]>>;
  /** The latest of the times that are no longer remembered, and how far the clock had come when it was dropped. */
  readonly forgotten?: { readonly latest: number; readonly at: number };
}

export const noSends: SendTimes = { byChannel: {} };

/** No cap may ask for more, so this many times of each channel tell all that a cap needs to know. */
export const cappedMessagesMax = 1_000;

/** The first of the caps that one more message of this channel would exceed. */
export function exceededCap(
  sends: SendTimes,
  caps: readonly FrequencyCap[],
  channel: string,
  now: number,
): FrequencyCap | undefined {
  return caps.find((cap) => covers(cap, channel) && isExhausted(sends, cap, now));
}

/** Whether one more message that this cap covers would exceed it. */
export function isExhausted(sends: SendTimes, cap: FrequencyCap, now: number): boolean {
  const { max, windowMs } = cap;
  const counted = Object.entries(sends.byChannel)
    .filter(([channel]) => covers(cap, channel))
    .flatMap(([, times]) => times);
  const near = counted.filter((time) => time > now - windowMs && time < now + windowMs);
  if (isBeforeMemory(sends, cap, now)) return true;
  const ends = [now, ...near.filter((time) => time > now)];
  return ends.some(
    (end) => near.filter((time) => time > end - windowMs && time <= end).length + 1 > max,
  );
}

/** Whether messages of this channel count for the cap. `all` is the sum over the channels that reach a customer. */
export function covers(cap: FrequencyCap, channel: string): boolean {
  if (cap.channel !== 'all') return cap.channel === channel;
  return channel !== 'webhook';
}

/** @param keptMs how long a time is remembered; at least the longest window of any cap */
export function recordSend(
  sends: SendTimes,
  channel: string,
  now: number,
  keptMs: number,
): SendTimes {
  const times = [...(sends.byChannel[channel] ?? []), now].toSorted((a, b) => a - b);
  return forgetOld({ ...sends, byChannel: { ...sends.byChannel, [channel]: times } }, now, keptMs);
}

/** Takes back one message that was recorded at this time but never left. */
export function withdrawSend(sends: SendTimes, channel: string, at: number): SendTimes {
  const times = sends.byChannel[channel] ?? [];
  const place = times.indexOf(at);
  if (place < 0) return sends;
  return { ...sends, byChannel: { ...sends.byChannel, [channel]: times.toSpliced(place, 1) } };
}

/** Sends of many customers under one cap. */
export interface CapState {
  readonly cap: FrequencyCap;
  readonly sends: ReadonlyMap<string, SendTimes>;
}

export function newCapState(cap: FrequencyCap): CapState {
  return { cap, sends: new Map() };
}

/** Records a message that the cap allows; one that would exceed it changes nothing. */
export function checkAndRecord(
  state: CapState,
  customer: string,
  channel: FrequencyCap['channel'],
  now: number,
): { readonly allowed: boolean; readonly state: CapState } {
  const { cap } = state;
  const sends = state.sends.get(customer) ?? noSends;
  if (exceededCap(sends, [cap], channel, now) !== undefined) return { allowed: false, state };
  const recorded = recordSend(sends, channel, now, cap.windowMs);
  return { allowed: true, state: { cap, sends: new Map(state.sends).set(customer, recorded) } };
}

/** The clock went back to where something was forgotten: nobody can tell how much, so nothing more is allowed there. */
function isBeforeMemory(
  { forgotten }: SendTimes,
  { windowMs }: FrequencyCap,
  now: number,
): boolean {
  return forgotten !== undefined && now < forgotten.at && forgotten.latest > now - windowMs;
}

function forgetOld({ byChannel, forgotten }: SendTimes, now: number, keptMs: number): SendTimes {
  const dropped: number[] = [];
  const kept = Object.entries(byChannel).flatMap(([channel, times]) => {
    const recent = times.filter((time) => time > now - keptMs).slice(-cappedMessagesMax);
    const lastDropped = times[times.length - recent.length - 1];
    if (lastDropped !== undefined) dropped.push(lastDropped);
    return recent.length === 0 ? [] : [[channel, recent] as const];
  });
  const remembered = { byChannel: Object.fromEntries(kept) };
  if (dropped.length === 0)
    return forgotten === undefined ? remembered : { ...remembered, forgotten };
  const newest = kept.map(([, times]) => times.at(-1) ?? now);
  return {
    ...remembered,
    forgotten: {
      latest: Math.max(...dropped, forgotten?.latest ?? -Infinity),
      at: Math.max(now, ...newest, forgotten?.at ?? -Infinity),
    },
  };
}

/**
 * Frequency caps as people write them (semantics 2.1): one flat cap, one per channel, or a list of caps. A cap that cannot be read
 * is refused; none is ever skipped.
 */
import { z } from 'zod';
import { isJsonObject } from '../json.ts';
import { spellDuration } from './duration.ts';
import { cappedMessagesMax } from './frequency-cap.ts';
import { capChannels, type FrequencyCap } from './graph.ts';
import { durationMsField, shapedField } from './schema-field.ts';

const messages = z.int().min(1).max(cappedMessagesMax);
const window = durationMsField.refine((ms) => ms > 0, { message: 'must be longer than 0' });

/** `{ "max_messages": 3, "time_window": "1d", "channel": "email" }`; without a channel, all of them. */
export const flatCapField: z.ZodType<FrequencyCap> = z
  .strictObject({
    max_messages: messages,
    time_window: window,
    channel: z.enum(capChannels).optional(),
  })
  .transform(({ max_messages: max, time_window: windowMs, channel = 'all' }) => ({
    channel,
    max,
    windowMs,
  }));

/** `{ "email": { "max": 3, "window": "1d" }, "all": { "max": 5, "window": "1w" } }` */
const capsByChannel: z.ZodType<readonly FrequencyCap[]> = z
  .partialRecord(z.enum(capChannels), z.strictObject({ max: messages, window }))
  .transform((caps) =>
    capChannels.flatMap((channel) => {
      const cap = caps[channel];
      return cap === undefined ? [] : [{ channel, max: cap.max, windowMs: cap.window }];
    }),
  );

/** `{ "channel": "email", "max": 3, "window": "1d" }` */
const listedCap: z.ZodType<FrequencyCap> = z
  .strictObject({ channel: z.enum(capChannels).default('all'), max: messages, window })
  .transform(({ channel, max, window: windowMs }) => ({ channel, max, windowMs }));

const capOfAList = shapedField<FrequencyCap>((input) => (isFlat(input) ? flatCapField : listedCap));

const capsMax = 20;

/** All forms, as a list of `{ channel, max, windowMs }`. */
export const frequencyCapsField: z.ZodType<readonly FrequencyCap[]> = shapedField<
  readonly FrequencyCap[]
>((input) => {
  if (Array.isArray(input)) return z.array(capOfAList).max(capsMax);
  return isFlat(input) ? flatCapField.transform((cap) => [cap]) : capsByChannel;
});

/** A cap as people read and write it; the opposite of reading a listed one. */
export function drawCap({ channel, max, windowMs }: FrequencyCap): DrawnCap {
  return { channel, max, window: spellDuration(windowMs) };
}

export interface DrawnCap {
  readonly channel: FrequencyCap['channel'];
  readonly max: number;
  readonly window: string;
}

function isFlat(input: unknown): boolean {
  return (
    isJsonObject(input) && ['max_messages', 'time_window'].some((key) => Object.hasOwn(input, key))
  );
}

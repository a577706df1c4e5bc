/**
 * What is decided when a journey is published and is not part of its graph: caps on its messages, whether customers may come back,
 * and whether exhausted caps close the door (semantics 3.4, 3.8). Settings belong to the version they are published with.
 */
import { z } from 'zod';
import type { Problem } from '../kalcifer-error.ts';
import { drawCap, frequencyCapsField, type DrawnCap } from './cap-field.ts';
import { spellDuration } from './duration.ts';
import type { FrequencyCap } from './graph.ts';
import { durationMsField, shapedField } from './schema-field.ts';
import { schemaProblems } from './schema-problems.ts';

export interface JourneySettings {
  /** For every send of this journey, besides the caps that its graph draws. */
  readonly frequencyCaps: readonly FrequencyCap[];
  readonly reentry: Reentry;
  readonly entryCap: EntryCap;
}

/** When a customer who has been in the journey, however it ended, may enter it again. */
export type Reentry =
  | { readonly kind: 'after_completion' }
  | { readonly kind: 'never' }
  /** So long after the end of the last time. */
  | { readonly kind: 'cool_down'; readonly ms: number };

/**
 * Whom the journey's own caps turn away at the door once they are exhausted: nobody, those who are enrolled by name or by a
 * webhook, or everybody, entries by events included.
 */
export type EntryCap = 'none' | 'requests' | 'all';

export const defaultSettings: JourneySettings = {
  frequencyCaps: [],
  reentry: { kind: 'after_completion' },
  entryCap: 'none',
};

/** As callers write them; what is left out has its default. */
export interface DrawnSettings {
  readonly frequency_caps?: unknown;
  /** `"after_completion"` (default), `"never"`, or `{ "after": "7d" }`. */
  readonly reentry?: unknown;
  /** `"none"` (default), `"requests"`, `"all"`. */
  readonly entry_cap?: unknown;
}

export type ParsedSettings =
  { readonly settings: JourneySettings } | { readonly problems: readonly Problem[] };

export function parseJourneySettings(drawn: DrawnSettings): ParsedSettings {
  const given: DrawnSettings = Object.fromEntries(
    Object.entries(drawn).filter(([, value]) => value !== undefined),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return { settings: parsed.data };
  return {
    problems: schemaProblems(parsed.error, given, '').map(({ path, message }) => ({
      code: 'journey.setting',
      path,
      message,
    })),
  };
}

/** Settings as people read and write them. */
export function drawSettings({ frequencyCaps, reentry: drawn, entryCap }: JourneySettings): {
  readonly frequency_caps: readonly DrawnCap[];
  readonly reentry: 'after_completion' | 'never' | { readonly after: string };
  readonly entry_cap: EntryCap;
} {
  return {
    frequency_caps: frequencyCaps.map(drawCap),
    reentry: drawn.kind === 'cool_down' ? { after: spellDuration(drawn.ms) } : drawn.kind,
    entry_cap: entryCap,
  };
}

const coolDown: z.ZodType<Reentry> = z
  .strictObject({ after: durationMsField })
  .transform(({ after: ms }) => ({ kind: 'cool_down', ms }));

const namedReentry: z.ZodType<Reentry> = z
  .enum(['after_completion', 'never'])
  .transform((kind) => ({ kind }));

const reentry = shapedField<Reentry>((input) =>
  typeof input === 'object' ? coolDown : namedReentry,
);

const schema: z.ZodType<JourneySettings> = z
  .strictObject({
    frequency_caps: frequencyCapsField.optional(),
    reentry: reentry.optional(),
    entry_cap: z.enum(['none', 'requests', 'all']).optional(),
  })
  .transform((given) => ({
    frequencyCaps: given.frequency_caps ?? defaultSettings.frequencyCaps,
    reentry: given.reentry ?? defaultSettings.reentry,
    entryCap: given.entry_cap ?? defaultSettings.entryCap,
  }));

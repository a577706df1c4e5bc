/**
 * What holds for every node type, whatever it does. Each law is a function that throws when broken; `catalogue.laws.test.ts`
 * applies all of them to the whole catalogue, so a new type cannot be forgotten.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { noSends } from '../../lib/journey/frequency-cap.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import type { Facts, NodeType, Outcome, RunContext, Trigger } from '../../lib/nodes/node-type.ts';
import type { NodeSample } from './node-samples.ts';
import { configProblems, contextWith, resumeNode, runNode } from './node-runs.ts';

export interface Law {
  readonly says: string;
  readonly hold: (type: NodeType, sample: NodeSample) => void;
}

/** As it is when it has been written and read once: minus zero is zero then. */
const anyValue = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);
const anyJson: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom('one', 'two', null, 5),
  fc.constant({ branch: 'pro' }),
);
const anyObject = fc.dictionary(fc.string({ maxLength: 8 }), anyValue, { maxKeys: 4 });

const anyFacts: fc.Arbitrary<Facts> = fc.record({
  customer: fc.oneof(
    anyObject,
    fc.record({ id: fc.string(), email: anyValue, properties: anyValue, preferences: anyValue }),
    fc.record({ id: fc.string(), email: fc.emailAddress(), name: fc.string() }),
    fc.record({
      id: fc.string(),
      phone: fc.constantFrom('+43 660 1', 'none'),
      properties: fc.record({ push_token: fc.oneof(fc.string(), fc.array(fc.string())) }),
    }),
  ),
  event: fc.oneof(anyObject, fc.record({ day: anyValue, plan: anyValue })),
  context: anyObject,
  accumulated: anyObject,
});

const anySegment: fc.Arbitrary<Pick<RunContext, 'segment'>> = fc.constantFrom(
  {},
  { segment: { kind: 'unavailable' } as const },
  { segment: { kind: 'known', isIn: true, because: 'it is so' } as const },
  { segment: { kind: 'known', isIn: false, because: 'it is so' } as const },
);

const anyContext = fc
  .record({
    now: fc.nat(4_000_000_000_000),
    customer: fc.string(),
    facts: anyFacts,
    agesMs: fc.array(fc.integer({ min: -1_000, max: 200_000_000 }), { maxLength: 4 }),
    triedMs: fc.nat(100_000_000),
    segment: anySegment,
  })
  .map(({ agesMs, triedMs, segment, ...given }) => {
    const email = agesMs.map((age) => given.now - age).toSorted((a, b) => a - b);
    const startedAt = given.now - triedMs;
    return contextWith({ ...given, ...segment, startedAt, sends: { byChannel: { email } } });
  });

const anyTrigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.constantFrom<Trigger>({ kind: 'timer' }, { kind: 'timeout' }),
  fc.record({
    kind: fc.constant('event' as const),
    event: fc.record({
      id: fc.string(),
      type: fc.string(),
      data: anyObject,
    }),
  }),
  fc.record({
    kind: fc.constant('code' as const),
    answer: fc.oneof(
      fc.record({ kind: fc.constant('returned' as const), value: anyJson }),
      fc.constantFrom(
        { kind: 'returned' as const },
        { kind: 'failed' as const, code: 'code.threw', detail: 'line 1: no' },
      ),
    ),
  }),
  fc.record({
    kind: fc.constant('delivery' as const),
    delivery: fc.record(
      {
        status: fc.constantFrom('sent', 'failed', 'skipped', 'capped', 'unknown'),
        detail: fc.string(),
        providerMessageId: fc.string(),
        response: fc.record({
          status: fc.integer({ min: 200, max: 599 }),
          text: fc.oneof(fc.json(), fc.string({ unit: 'binary', maxLength: 3_000 })),
          cut: fc.boolean(),
        }),
      },
      { requiredKeys: ['status'] },
    ),
  }),
);

export const laws: readonly Law[] = [
  { says: 'is described by one line and named in snake_case', hold: described },
  { says: 'accepts its sample configurations', hold: acceptsSamples },
  { says: 'refuses unknown keys', hold: refusesUnknownKeys },
  {
    says: 'refuses a configuration without a required field, and only without a required one',
    hold: requiresFields,
  },
  { says: 'refuses each wrong value', hold: refusesWrongValues },
  { says: 'reads or refuses any configuration without failing', hold: readsAnyConfig },
  { says: 'has the functions of its category, and no others', hold: fitsCategory },
  {
    says: 'answers any facts with an outcome that its other functions announced',
    hold: runsOnAnyFacts,
  },
  { says: 'answers any trigger with an outcome that ends the step', hold: resumesOnAnyTrigger },
  { says: 'gives the same outcome for the same facts, and leaves them as they were', hold: isPure },
  { says: 'looks at no facts but those that it needs', hold: needsWhatItReads },
  { says: 'takes each branch that it declares, and no other', hold: takesItsBranches },
  { says: 'answers in plain JSON', hold: answersInJson },
];

function described(type: NodeType): void {
  expect(type.type).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(type.summary).toMatch(/^[A-Z][^\n]{5,90}\.$/);
}

function acceptsSamples(type: NodeType, { valid }: NodeSample): void {
  expect(valid.length).toBeGreaterThan(0);
  for (const config of valid) expect(configProblems(type, config)).toEqual([]);
}

function refusesUnknownKeys(type: NodeType, { valid }: NodeSample): void {
  for (const config of valid) {
    expect(configProblems(type, { ...config, unheard_of: 1 })).not.toEqual([]);
  }
}

function requiresFields(type: NodeType, { valid, required }: NodeSample): void {
  for (const [field, { config, without }] of fieldsOf(valid)) {
    const refused = configProblems(type, without).length > 0;
    expect([type.type, field, JSON.stringify(config), refused]).toEqual([
      type.type,
      field,
      JSON.stringify(config),
      required.includes(field),
    ]);
  }
}

function refusesWrongValues(type: NodeType, { wrong }: NodeSample): void {
  expect(wrong.length).toBeGreaterThan(0);
  for (const config of wrong) {
    const problems = configProblems(type, config);
    expect([JSON.stringify(config), problems.length > 0]).toEqual([JSON.stringify(config), true]);
  }
}

function readsAnyConfig(type: NodeType, { valid }: NodeSample): void {
  const keys = [...new Set(valid.flatMap((config) => Object.keys(config)))];
  const anyConfig = fc.oneof(
    anyValue,
    fc.dictionary(fc.constantFrom(...keys, 'other'), anyValue, { maxKeys: 5 }),
  );
  fc.assert(fc.property(anyConfig, (config) => void configProblems(type, config)));
}

function fitsCategory(type: NodeType, { valid }: NodeSample): void {
  const { category } = type;
  expect(type.entry !== undefined).toBe(category === 'entry');
  const goesOn = category === 'channel' || type.parking !== undefined || type.code !== undefined;
  expect(type.resume !== undefined).toBe(goesOn);
  if (category !== 'channel') expect(type.sends).toBeUndefined();
  if (category !== 'channel') expect(type.template).toBeUndefined();
  if (category !== 'exit') expect(type.ends).toBeUndefined();
  if (category !== 'logic') expect(type.parking).toBeUndefined();
  if (category !== 'logic' && type.code === undefined) expect(type.branches).toBeUndefined();
  for (const config of valid) {
    const branches = type.branches?.(type.config.parse(config)) ?? ['one', 'other'];
    expect(branches.length === 0 && type.code !== undefined ? 2 : branches.length).toBeGreaterThan(
      1,
    );
    expect(new Set(branches).size).toBe(branches.length);
  }
}

function runsOnAnyFacts(type: NodeType, { valid }: NodeSample): void {
  fc.assert(
    fc.property(fc.constantFrom(...valid), anyContext, (config, ctx) => {
      expectAnnounced(type, config, ctx, runNode(type, config, ctx));
    }),
  );
}

function resumesOnAnyTrigger(type: NodeType, { valid }: NodeSample): void {
  if (type.resume === undefined) return;
  fc.assert(
    fc.property(fc.constantFrom(...valid), anyContext, anyTrigger, (config, ctx, trigger) => {
      const outcome = resumeNode(type, config, trigger, ctx);
      expect(['completed', 'branched', 'failed']).toContain(outcome.kind);
      expectAnnounced(type, config, ctx, outcome);
    }),
  );
}

function isPure(type: NodeType, { valid }: NodeSample): void {
  fc.assert(
    fc.property(fc.constantFrom(...valid), anyContext, (config, ctx) => {
      const before = structuredClone(ctx);
      const first = runNode(type, config, ctx);
      expect(ctx).toEqual(before);
      expect(runNode(type, structuredClone(config), structuredClone(ctx))).toEqual(first);
    }),
  );
}

function needsWhatItReads(type: NodeType, { valid }: NodeSample): void {
  fc.assert(
    fc.property(fc.constantFrom(...valid), anyContext, (config, ctx) => {
      const needs = type.needs?.(type.config.parse(config)) ?? [];
      const { customer, accumulated, ...rest } = ctx.facts;
      const facts = {
        ...rest,
        customer: needs.includes('customer') ? customer : {},
        accumulated: needs.includes('accumulated') ? accumulated : {},
      };
      const { sends = noSends, ...others } = ctx;
      const seen = { ...others, facts, ...(needs.includes('sends') ? { sends } : {}) };
      expect(runNode(type, config, seen)).toEqual(runNode(type, config, ctx));
    }),
  );
}

function takesItsBranches(type: NodeType, { valid, situations }: NodeSample): void {
  if (type.branches === undefined) return;
  for (const config of valid) {
    const taken = new Set<string>();
    for (const { ctx, triggers } of situations) {
      const outcome = runNode(type, config, ctx);
      if (outcome.kind === 'branched') taken.add(outcome.branch);
      const goesOn = outcome.kind === 'waiting' || outcome.kind === 'run_code';
      for (const trigger of goesOn ? triggers : []) {
        const resumed = resumeNode(type, config, trigger, ctx);
        if (resumed.kind === 'branched') taken.add(resumed.branch);
      }
    }
    expect([...taken].sort()).toEqual([...type.branches(type.config.parse(config))].sort());
  }
}

function answersInJson(type: NodeType, { valid }: NodeSample): void {
  fc.assert(
    fc.property(fc.constantFrom(...valid), anyContext, (config, ctx) => {
      const outcome = runNode(type, config, ctx);
      expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
    }),
  );
}

/** Each field of each sample, with the sample and what remains of it. */
function fieldsOf(
  samples: readonly JsonObject[],
): readonly (readonly [string, { config: JsonObject; without: JsonObject }])[] {
  return samples.flatMap((config) =>
    Object.keys(config).map((field) => {
      const { [field]: _removed, ...without } = config;
      return [field, { config, without }] as const;
    }),
  );
}

function expectAnnounced(
  type: NodeType,
  drawn: JsonObject,
  ctx: RunContext,
  outcome: Outcome,
): void {
  const config = type.config.parse(drawn);
  const branches = type.branches?.(config);
  const parking = type.parking?.(config);
  switch (outcome.kind) {
    case 'completed':
      expect(branches ?? []).toEqual([]);
      expect(type.ends?.(config) ?? false).toBe(false);
      return;
    case 'branched':
      expect(branches).toContain(outcome.branch);
      return;
    case 'ended':
      expect(type.ends?.(config)).toBe(true);
      return;
    case 'waiting':
      expect(outcome.wait.deadline).toBeGreaterThan(ctx.now);
      if (parking?.kind === 'fixed') {
        expect(outcome.wait.deadline).toBe(ctx.now + parking.durationMs);
      } else {
        expect(parking).toEqual({ kind: 'computed' });
      }
      return;
    case 'run_code':
      expect(outcome.source).toBe(type.code?.(config));
      return;
    case 'send':
      expect(type.category).toBe('channel');
      expect(outcome.message.to).not.toBe('');
      expect(outcome.message).toMatchObject({ ...type.sends?.(config) });
      return;
    case 'later':
      expect(type.outageMs).toBeDefined();
      expect(outcome.detail).not.toBe('');
      return;
    case 'failed':
      expect(outcome.code).toMatch(/^[a-z_]+\.[a-z_]+$/);
      expect(outcome.detail).not.toBe('');
      return;
  }
}

/** The row of an execution: how small it is, and that nothing of the execution is lost in it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { ExecutionState, Strand } from '../../../lib/local/asl/strand.ts';
import type { StoredExecution } from '../../../lib/local/executor/execution-row.ts';
import { fromRow, isTextRow, toRow, toTextRow } from '../../../lib/local/executor/execution-row.ts';

const machine = { tenant: 'acme', journey: 'welcome@home', version: 12 };
const input: JsonObject = { schema: 1, instance: 'Ab3dEf9hIj0123456789' };

function executionIn(state: ExecutionState, rest: Partial<StoredExecution> = {}): StoredExecution {
  return { machine, input, startedAt: 0, state, ...rest };
}

const parked: Strand = {
  phase: 'task',
  state: 'wait_1',
  input,
  enteredAt: 0,
  entered: 11,
  task: 12,
  retries: { count: 0, used: [] },
  parked: true,
  deadline: 1_767_225_660_000,
  heartbeatMs: undefined,
  heartbeatBy: undefined,
};

describe('a row', () => {
  it('of a parked task says its state, task and deadline, and no more', () => {
    expect(toRow('acme#x#e1', executionIn({ events: 14, strand: parked }), false)).toEqual({
      pk: 'acme#x#e1',
      sk: 'x',
      m: 'welcome@home@12',
      x: { schema: 1, instance: 'Ab3dEf9hIj0123456789' },
      a: 'wait_1',
      k: 12,
      u: 1_767_225_660_000,
    });
  });

  it('of a running function is found by the index', () => {
    const strand: Strand = { ...parked, parked: false, deadline: undefined };
    expect(toRow('acme#x#e1', executionIn({ events: 13, strand }), false)).toEqual({
      pk: 'acme#x#e1',
      sk: 'x',
      index: 'executions.running',
      m: 'welcome@home@12',
      x: { schema: 1, instance: 'Ab3dEf9hIj0123456789' },
      a: 'wait_1',
      p: 'r',
      k: 12,
    });
  });

  it('has times only for a machine that can ask for them', () => {
    const execution = executionIn(
      { events: 14, strand: { ...parked, enteredAt: 77 } },
      { startedAt: 55 },
    );
    expect(toRow('acme#x#e1', execution, true)).toMatchObject({ b: 55, t: 77 });
    expect(toRow('acme#x#e1', execution, false)).not.toHaveProperty('b');
    expect(fromRow(toRow('acme#x#e1', execution, false)).startedAt).toBe(0);
  });

  it('holds values of any depth as text', () => {
    const execution = executionIn({ events: 14, strand: { ...parked, parked: false } });
    const row = toTextRow(toRow('acme#x#e1', execution, false));
    expect(row).toEqual({
      pk: 'acme#x#e1',
      sk: 'x',
      index: 'executions.running',
      j: '{"m":"welcome@home@12","x":{"schema":1,"instance":"Ab3dEf9hIj0123456789"},"v":14,"a":"wait_1","p":"r","k":12,"u":1767225660000}',
    });
    expect(isTextRow(row)).toBe(true);
    expect(fromRow(row)).toEqual(execution);
  });
});

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
const value = fc
  .jsonValue({ maxDepth: 3 })
  // Zero has a sign in JavaScript, but not in a table.
  .map((one) => JSON.parse(JSON.stringify(one)) as Json);
const visit = {
  state: fc.string({ minLength: 1, maxLength: 80 }),
  input: fc.oneof(fc.constant<Json>(input), value),
  enteredAt: instant,
  entered: fc.integer({ min: 2, max: 24_000 }),
};
const retries = fc.oneof(
  fc.constant({ count: 0, used: [] as number[] }),
  fc.record({
    count: fc.integer({ min: 1, max: 99 }),
    used: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 3 }),
  }),
);
const { strand: anyStrand } = fc.letrec<{ strand: Strand }>((tie) => ({
  strand: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      ...visit,
      phase: fc.constant('task' as const),
      task: fc.integer({ min: 3, max: 25_000 }),
      retries,
      parked: fc.boolean(),
      deadline: fc.option(instant, { nil: undefined }),
      heartbeatMs: fc.option(instant, { nil: undefined }),
      heartbeatBy: fc.option(instant, { nil: undefined }),
    }),
    fc.record({ ...visit, phase: fc.constant('wait' as const), until: instant }),
    fc.record({ ...visit, phase: fc.constant('pause' as const), until: instant, retries }),
    fc.record({
      ...visit,
      phase: fc.constant('parallel' as const),
      retries,
      branches: fc.array(tie('strand'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ phase: fc.constant('done' as const), output: value }),
  ),
}));
const anyExecution: fc.Arbitrary<StoredExecution> = fc.record({
  machine: fc.record({
    tenant: fc.constantFrom('acme', 'a#x#b'),
    journey: fc.stringMatching(/^[a-z@-]{1,20}$/),
    version: fc.integer({ min: 1, max: 1_000_000 }),
  }),
  input: fc.oneof(fc.constant<Json>(input), value),
  startedAt: instant,
  state: fc.record({ events: fc.integer({ min: 1, max: 25_000 }), strand: anyStrand }),
});

describe('every execution', () => {
  it('comes back from its row as it was, whether the row is stored as it is or as text', () => {
    fc.assert(
      fc.property(anyExecution, (execution) => {
        const row = toRow(`${execution.machine.tenant}#x#e1`, execution, true);
        const stored = JSON.parse(JSON.stringify(row)) as typeof row;
        expect(fromRow(stored)).toEqual(execution);
        expect(fromRow(toTextRow(stored))).toEqual(execution);
      }),
      { numRuns: 500 },
    );
  });
});

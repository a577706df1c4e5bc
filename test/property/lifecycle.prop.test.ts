import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyCommand,
  type LifecycleCommand,
  type LifecycleState,
} from '../../lib/journey/lifecycle.ts';
import { createTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import { drawGraph } from '../support/graphs.ts';
import { entry, exit, mail } from '../support/kit.ts';
import { countScenario } from '../support/scenario-count.ts';

const tenant = 'T1';
const customer = 'c1';
const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-01-01T00:00:00Z');

/** A mail, an event wait of three days whose branches both lead to a second mail, a day of rest, the end. */
const graph = {
  ...drawGraph(
    {
      in: entry,
      hello: mail,
      opening: ['wait_for_event', { event_type: 'opened', timeout: '3d' }],
      thanks: mail,
      rest: ['wait', { duration: '1d' }],
      out: exit,
    },
    [
      'in -> hello',
      'hello -> opening',
      'opening -> thanks [event_received]',
      'opening -> thanks [timed_out]',
      'thanks -> rest',
      'rest -> out',
    ],
  ),
  exit_criteria: [{ event_type: 'left' }],
};

/** What a plain table of states and two waits say: where the customer is, when that ends, and what is held. */
interface Model {
  readonly now: number;
  readonly state: LifecycleState;
  readonly at: 'opening' | 'rest' | undefined;
  readonly deadline: number;
  readonly held: boolean;
  readonly openingBranch?: string;
}

function after(state: LifecycleState, command: LifecycleCommand): LifecycleState {
  const answer = applyCommand(state, command);
  if (!answer.ok) throw new Error(`the model cannot ${command} when ${state.status}`);
  return answer.state;
}

function toRest(model: Model, openingBranch: string, arrival: number): Model {
  const state = after(after(model.state, 'wake'), 'wait');
  return passTime({
    ...model,
    state,
    at: 'rest',
    deadline: arrival + day,
    held: false,
    openingBranch,
  });
}

/** Every deadline that has passed ends its wait, unless the instance is paused. */
function passTime(model: Model): Model {
  if (model.state.status !== 'waiting' || model.deadline > model.now) return model;
  return model.at === 'opening'
    ? toRest(model, 'timed_out', model.deadline)
    : { ...model, state: after(after(model.state, 'wake'), 'complete'), at: undefined };
}

type Step =
  | { readonly do: 'pause' | 'resume' | 'cancel' | 'opened' | 'left' | 'restart' }
  | { readonly do: 'advance'; readonly ms: number };

function next(model: Model, step: Step): Model | 'refused' {
  const { state, at, now } = model;
  const terminal = at === undefined;
  switch (step.do) {
    case 'restart':
      return model;
    case 'advance':
      return passTime({ ...model, now: now + step.ms });
    case 'pause': {
      const answer = applyCommand(state, 'pause');
      return answer.ok ? { ...model, state: answer.state } : 'refused';
    }
    case 'resume': {
      const answer = applyCommand(state, 'resume');
      if (!answer.ok) return 'refused';
      const resumed = { ...model, state: answer.state };
      if (model.held) return toRest(resumed, 'event_received', now);
      if (model.deadline > now) return resumed;
      return at === 'opening' ? toRest(resumed, 'timed_out', now) : passTime(resumed);
    }
    case 'cancel': {
      const answer = applyCommand(state, 'exit');
      return answer.ok ? { ...model, state: answer.state, at: undefined } : 'refused';
    }
    case 'left':
      return terminal ? model : { ...model, state: after(state, 'exit'), at: undefined };
    case 'opened': {
      if (at !== 'opening' || model.held || model.deadline <= now) return model;
      if (state.status === 'paused') return { ...model, held: true };
      return toRest(model, 'event_received', now);
    }
  }
}

/** How many waits and watches the model says that an event meets. */
function routedBy(model: Model, step: Step): number {
  if (step.do === 'left') return model.at === undefined ? 0 : 1;
  return next(model, step) === model ? 0 : 1;
}

async function carryOut(kit: Testkit, id: string, step: Step, nth: number): Promise<unknown> {
  switch (step.do) {
    case 'pause':
    case 'resume':
    case 'cancel':
      await kit[step.do](id);
      return undefined;
    case 'opened':
    case 'left':
      return kit.event({ tenant, customer, type: step.do, id: `e${nth}` });
    case 'advance':
      await kit.advance(`${step.ms}ms`);
      return undefined;
    case 'restart':
      await kit.restart();
      return undefined;
  }
}

/** A caller who repeats what had no answer; answers the code of a refusal, and whether the process died. */
async function insist(
  kit: Testkit,
  call: () => Promise<unknown>,
): Promise<{ readonly answer?: unknown; readonly refused?: string; readonly died: boolean }> {
  for (let died = false; ; died = true) {
    try {
      return { answer: await call(), died };
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === undefined) throw error;
      if (code !== 'testkit.killed') return { refused: code, died };
      await kit.restart();
    }
  }
}

async function check(kit: Testkit, id: string, model: Model): Promise<void> {
  const { status, positions, deadlines } = await kit.instance(id);
  expect(status).toBe(model.state.status);
  expect(positions).toEqual(model.at === undefined ? [] : [model.at]);
  expect(deadlines).toEqual(
    model.at === undefined ? {} : { [model.at]: new Date(model.deadline).toISOString() },
  );
  const opening = (await kit.steps(id)).find(({ node }) => node === 'opening');
  expect(opening?.branch).toBe(model.openingBranch);
  const mails = model.openingBranch === undefined ? ['hello'] : ['hello', 'thanks'];
  expect(kit.sends().map(({ node }) => node)).toEqual(mails);
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('pause', 'pause', 'resume', 'resume', 'opened', 'opened'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cancel', 'left', 'restart') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, hour, day - 1, day, 3 * day - 1, 3 * day, 10 * day),
    }),
  },
);

const point = fc.constantFrom(
  ...[
    'instance.pause',
    'instance.resume',
    'instance.exit',
    'event.hold',
    'event.claim',
    'gate.park',
    'step.finish',
    'execution.keep',
    'execution.timer',
  ].flatMap((name) => [`${name}:before`, `${name}:after`]),
);

const scenarios = fc.record({
  steps: fc.array(fc.record({ step, kill: fc.option(point, { freq: 3 }) }), {
    minLength: 1,
    maxLength: 14,
  }),
  seed: fc.nat(1_000_000),
});

describe('a live instance', () => {
  it('for every sequence of commands, deaths and restarts: is where the table of states says (properties 4, 5)', async () => {
    let deaths = 0;
    let held = 0;
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        countScenario('4 5 lifecycle of live instances', scenario);
        const kit = await createTestkit({ seed: scenario.seed });
        try {
          await kit.publish({ tenant, journey: 'J', graph });
          await kit.customer({ tenant, id: customer, email: 'c1@example.com' });
          const { instance: id } = await kit.enroll({ tenant, journey: 'J', customer });
          await kit.settle();
          let model: Model = {
            now: start,
            state: { status: 'waiting' },
            at: 'opening',
            deadline: start + 3 * day,
            held: false,
          };
          await check(kit, id, model);
          let planned = false;
          for (const [nth, { step: one, kill }] of scenario.steps.entries()) {
            // A death while time passes would leave open how much of it has passed: a new process knows of no plan to die.
            if (one.do === 'advance' && planned) await kit.restart();
            planned = one.do !== 'advance' && (planned || kill !== null);
            if (planned && kill !== null) kit.killAt(kill);
            const { answer, refused, died } = await insist(kit, () => carryOut(kit, id, one, nth));
            const settled = await insist(kit, () => kit.settle());
            if (died || settled.died) deaths += 1;
            const expected = next(model, one);
            if (expected === 'refused') {
              expect(refused).toBe('instance.invalid_transition');
            } else {
              // What was done before the death is refused when it is asked again.
              if (!died) expect(refused).toBeUndefined();
              if (answer !== undefined && !died) {
                expect(answer).toMatchObject({ routed: routedBy(model, one) });
              }
              model = expected;
            }
            if (model.held) held += 1;
            await check(kit, id, model);
          }
          if (model.at === undefined) {
            expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
          }
        } finally {
          await kit.close();
        }
      }),
      { numRuns: 200 },
    );
    expect(deaths).toBeGreaterThan(30);
    expect(held).toBeGreaterThan(20);
  });
});

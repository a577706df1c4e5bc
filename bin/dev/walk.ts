/** One customer walks through the welcome series, live: each step is shown as it happens. */
import { saveCustomer } from '../../lib/engine/customers/customers.ts';
import { readInstance } from '../../lib/engine/instances/read-instance.ts';
import { readTimeline, type TimelineStep } from '../../lib/engine/instances/read-steps.ts';
import { receiveEvent } from '../../lib/engine/events/receive-event.ts';
import { isTerminal } from '../../lib/engine/records/instance.ts';
import type { JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { Runtime } from '../../lib/local/runtime.ts';
import { dayOnScreenMs, inDemoTime } from './demo-time.ts';
import { developmentTenant as tenant } from './development-key.ts';
import { publishWhenChanged, sampleJourneys } from '../samples.ts';
import { paint } from '../terminal/paint.ts';
import { spell } from '../terminal/spell-duration.ts';

const journey = 'welcome-demo';
const entryEvent = 'demo_signed_up';
const patienceMs = 60_000;

export async function walkWelcome(
  runtime: Runtime,
  say: (line?: string) => void,
): Promise<{ readonly instance: string }> {
  const { ctx, clock, ids } = { ...runtime, ids: runtime.ctx.ids };
  await publishWhenChanged(ctx, { tenant, journey, graph: await demoGraph() });
  const customer = `ada-${ids.next(clock.now()).slice(-6)}`;
  await saveCustomer(ctx, { tenant, customer, email: `${customer}@example.com`, name: 'Ada' });

  say(paint('bold', `${customer} walks through the welcome series`));
  say(
    paint(
      'dim',
      `in demo time: one day of the journey takes ${spell(dayOnScreenMs)} on the screen`,
    ),
  );
  say();
  const start = clock.now();
  const answer = await receiveEvent(ctx, {
    tenant,
    customer,
    type: entryEvent,
    data: { plan: 'pro' },
  });
  const [instance] = answer.enrolled;
  if (instance === undefined)
    throw new KalciferError('walk.not_enrolled', 'The walk did not begin.');
  say(line(0, 'event', 'signed_up', 'a sign-up arrives and enrols the customer'));
  await follow(runtime, instance, customer, start, say);
  say();
  return { instance };
}

/** Shows what changes until the instance has ended; sends the opening of the reminder when that is waited for. */
async function follow(
  { ctx, clock }: Runtime,
  instance: string,
  customer: string,
  start: number,
  say: (line?: string) => void,
): Promise<void> {
  const shown = new Map<string, string>();
  let openedAt: number | undefined;
  for (;;) {
    const now = await readInstance(ctx, { tenant, instance });
    for (const step of await readTimeline(ctx, now)) {
      if (shown.get(step.node) === step.status) continue;
      shown.set(step.node, step.status);
      const deadline = now.tokens.find(({ node }) => node === step.node)?.wait?.deadline;
      say(stepLine(step, start, deadline));
      if (step.node === 'opened_late' && step.status === 'waiting') {
        openedAt = clock.now() + 2 * dayOnScreenMs;
      }
    }
    if (isTerminal(now)) {
      const ended = now.exitReason === undefined ? '' : ` (${now.exitReason})`;
      say(line(clock.now() - start, now.status, journey, `the journey is over${ended}`));
      return;
    }
    if (openedAt !== undefined && clock.now() >= openedAt) {
      openedAt = undefined;
      say(line(clock.now() - start, 'event', 'email_opened', 'the customer opens the reminder'));
      await receiveEvent(ctx, { tenant, customer, type: 'email_opened' });
    }
    if (clock.now() - start > patienceMs) {
      throw new KalciferError('walk.stuck', 'The walk did not end within a minute.');
    }
    await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 50, resolve));
  }
}

function stepLine(step: TimelineStep, start: number, deadline: number | undefined): string {
  const at = (step.endedAt ?? step.startedAt) - start;
  switch (step.status) {
    case 'waiting': {
      const until = deadline === undefined ? '' : `, at most ${spell(deadline - step.startedAt)}`;
      return line(at, 'waiting', step.node, `parked on disk until the event comes${until}`);
    }
    case 'completed':
      return line(at, 'done', step.node, step.reason);
    default:
      return line(at, step.status, step.node, step.reason);
  }
}

const colours = {
  done: 'green',
  waiting: 'yellow',
  event: 'magenta',
  completed: 'cyan',
} as const;

function line(atMs: number, what: string, subject: string, text: string): string {
  const time = `${(atMs / 1000).toFixed(1).padStart(6)}s`;
  const colour = Object.hasOwn(colours, what) ? colours[what as keyof typeof colours] : 'red';
  return `  ${paint('dim', time)}  ${paint(colour, what.padEnd(10))} ${subject.padEnd(16)} ${text}`;
}

/** The welcome series in demo time, with an entry event of its own, so that it greets nobody but the walker. */
async function demoGraph(): Promise<JsonObject> {
  const welcome = (await sampleJourneys()).find((sample) => sample.journey === 'welcome');
  if (welcome === undefined)
    throw new KalciferError('walk.no_sample', 'The welcome series is missing.');
  const text = JSON.stringify(inDemoTime(welcome.graph));
  return JSON.parse(
    text.replaceAll('"event_type":"signed_up"', `"event_type":"${entryEvent}"`),
  ) as JsonObject;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import { simpleEmailJourney } from '../support/graphs.ts';

const tenant = 'T1';
const journey = 'J';
const waitingLong = 990;
const dueMeanwhile = 10;
const insideMail = 20;
const completed = 3;
const paused = 5;

async function enrolMany(kit: Testkit, prefix: string, count: number): Promise<string[]> {
  const customers = Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
  await Promise.all(
    customers.map((id) => kit.customer({ tenant, id, email: `${id}@example.com` })),
  );
  const enrolled = await Promise.all(
    customers.map((customer) => kit.enroll({ tenant, journey, customer })),
  );
  return enrolled.map(({ instance }) => instance);
}

async function statusesOf(kit: Testkit, ids: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const id of ids) {
    const { status } = await kit.instance(id);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

function placeOf({ positions, deadlines }: Awaited<ReturnType<Testkit['instance']>>): string {
  return positions.map((node) => `${node} until ${deadlines[node] ?? ''}`).join();
}

it('S25: a cold restart loses nobody, repeats no mail, and a second one changes nothing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kalcifer-s25-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const before = await createTestkit({ dir });
  await before.publish({ tenant, journey, graph: simpleEmailJourney() });
  const due = await enrolMany(before, 'due', dueMeanwhile);
  await before.settle();
  await before.advance('1h');
  const waiting = await enrolMany(before, 'waiting', waitingLong);
  const done = await enrolMany(before, 'done', completed);
  const held = await enrolMany(before, 'held', paused);
  await before.settle();
  for (const id of held) await before.pause(id);
  // One of the paused has been met by her event, the others will be past their deadline.
  await before.event({ tenant, customer: 'held-0', type: 'email_opened' });
  for (let n = 0; n < completed; n++) {
    await before.event({ tenant, customer: `done-${n}`, type: 'email_opened' });
  }
  await before.settle();
  const deadlines = await Promise.all(
    waiting.map(async (id) => (await before.instance(id)).deadlines),
  );
  const stepsOfDone = await Promise.all(done.map((id) => before.steps(id)));

  const inside = await enrolMany(before, 'inside', insideMail);
  before.killAt('provider.call:after', insideMail / 2);
  await expect(before.settle()).rejects.toMatchObject({ code: 'testkit.killed' });
  const mails = before.sends();
  await before.close();

  const kit = await createTestkit({ dir, start: '2026-01-04T00:00:01Z', seed: 2 });
  onTestFinished(() => kit.close());
  await kit.settle();
  const check = async (): Promise<void> => {
    expect(await statusesOf(kit, waiting)).toEqual({ waiting: waitingLong });
    expect(
      await Promise.all(waiting.map(async (id) => (await kit.instance(id)).deadlines)),
    ).toEqual(deadlines);
    expect(await statusesOf(kit, due)).toEqual({ completed: dueMeanwhile });
    for (const id of due) {
      expect((await kit.steps(id)).map(({ node }) => node)).toContain('email_2');
    }
    expect(await statusesOf(kit, inside)).toEqual({ waiting: insideMail });
    expect(await Promise.all(done.map((id) => kit.steps(id)))).toEqual(stepsOfDone);
    expect(await statusesOf(kit, held)).toEqual({ paused });
    expect(new Set((await Promise.all(held.map((id) => kit.instance(id)))).map(placeOf))).toEqual(
      new Set(['wait_1 until 2026-01-04T01:00:00.000Z']),
    );
    const welcomes = [...mails, ...kit.sends()].filter(({ node }) => node === 'email_1');
    expect(new Set(welcomes.map(({ key }) => key)).size).toBe(welcomes.length);
    const unknown = await Promise.all(inside.map((id) => kit.deliveries(id)));
    const undecided = unknown.flat().filter(({ status }) => status === 'unknown').length;
    expect(undecided).toBeGreaterThan(0);
    const all = waitingLong + dueMeanwhile + insideMail + completed + paused;
    expect(welcomes.length).toBeGreaterThanOrEqual(all - undecided);
  };
  await check();
  await kit.kill();
  await kit.restart();
  await kit.settle();
  await check();

  const answers = await Promise.all(
    [...waiting.keys()].map((n) =>
      kit.event({ tenant, customer: `waiting-${n}`, type: 'email_opened' }),
    ),
  );
  expect(answers.reduce((sum, { routed }) => sum + routed, 0)).toBe(waitingLong);
  await kit.settle();
  expect(await statusesOf(kit, waiting)).toEqual({ completed: waitingLong });

  await kit.advance('2h');
  for (const id of held) await kit.resume(id);
  await kit.settle();
  expect(await statusesOf(kit, held)).toEqual({ completed: paused });
  const ends = await Promise.all(held.map(async (id) => (await kit.steps(id)).at(-1)?.node));
  expect(ends).toEqual(['goal_1', 'exit_1', 'exit_1', 'exit_1', 'exit_1']);
  expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
});

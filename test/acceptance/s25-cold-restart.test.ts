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
  await before.settle();
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
    const welcomes = [...mails, ...kit.sends()].filter(({ node }) => node === 'email_1');
    expect(new Set(welcomes.map(({ key }) => key)).size).toBe(welcomes.length);
    const unknown = await Promise.all(inside.map((id) => kit.deliveries(id)));
    const undecided = unknown.flat().filter(({ status }) => status === 'unknown').length;
    expect(undecided).toBeGreaterThan(0);
    const all = waitingLong + dueMeanwhile + insideMail + completed;
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
  expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
});

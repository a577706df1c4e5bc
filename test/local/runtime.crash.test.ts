import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { allJourneyInstances } from '../../lib/engine/instances/list-instances.ts';
import { readTimeline } from '../../lib/engine/instances/read-steps.ts';
import { openRuntime } from '../../lib/local/runtime.ts';
import { countLeftovers } from '../../lib/testkit/leftovers.ts';
import { seededChance } from '../../lib/testkit/seeded-chance.ts';
import { fileChannel } from '../support/file-channel.ts';
import type { Call } from './runtime-crash-worker.ts';

const seed = 20_261_122;
const kills = 20;
const customersPerLife = 40;

interface Life {
  /** Answers how many waits an event ended; rejects when the process dies before it has answered. */
  call(
    call:
      | Omit<Extract<Call, { do: 'publish' }>, 'call'>
      | Omit<Extract<Call, { customer: string }>, 'call'>,
  ): Promise<number>;
  kill(): Promise<void>;
}

let calls = 0;

async function begin(folder: string, outbox: string): Promise<Life> {
  const script = fileURLToPath(new URL('./runtime-crash-worker.ts', import.meta.url));
  const child: ChildProcess = fork(script, [folder, outbox], { execArgv: ['--import', 'tsx'] });
  const exited = once(child, 'exit');
  const open = new Map<
    number,
    { resolve: (routed: number) => void; reject: (error: Error) => void }
  >();
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  child.on(
    'message',
    (message: {
      ready?: true;
      done?: number;
      routed?: number;
      failed?: number;
      reason?: string;
    }) => {
      if (message.ready === true) ready();
      if (message.done !== undefined) open.get(message.done)?.resolve(message.routed ?? 0);
      if (message.failed !== undefined) open.get(message.failed)?.reject(new Error(message.reason));
    },
  );
  void exited.then(() => {
    for (const { reject } of open.values()) reject(new Error('killed'));
  });
  await Promise.race([
    isReady,
    exited.then(() => {
      throw new Error('the worker did not start');
    }),
  ]);
  return {
    call: (call) =>
      new Promise((resolve, reject) => {
        const number = (calls += 1);
        open.set(number, { resolve, reject });
        child.send({ ...call, call: number });
      }),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

it(`a process killed with SIGKILL at ${kills} random instants (seed ${seed}) loses nothing and repeats no send`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kalcifer-crash-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  const outbox = join(folder, 'outbox');
  const chance = seededChance(seed);
  const enrolledFor = new Set<string>();
  const openedBy = new Set<string>();
  let toEnrol: string[] = [];
  let interrupted = 0;

  const first = await begin(data, outbox);
  await first.call({ do: 'publish' });
  await first.kill();

  for (let life = 0; life < kills; life++) {
    const process = await begin(data, outbox);
    toEnrol.push(...Array.from({ length: customersPerLife }, (_, n) => `c${life}-${n}`));
    const work = [
      ...toEnrol.map(async (customer) => {
        await process.call({ do: 'enrol', customer });
        enrolledFor.add(customer);
      }),
      // Half of those who were enrolled in earlier lives open their mail in this one.
      ...[...enrolledFor]
        .filter((customer) => !openedBy.has(customer) && chance.next() < 0.5)
        .map(async (customer) => {
          const event = `opened-${customer}-${life}`;
          const routed = await process.call({ do: 'open', customer, event });
          if (routed === 1) openedBy.add(customer);
        }),
    ];
    const all = Promise.allSettled(work);
    // However fast the machine is, some of the work is done by then and some is not.
    await acknowledged(work, 1 + Math.floor(chance.next() * 0.9 * work.length));
    await new Promise((resolve) => setTimeout(resolve, chance.next() * 5));
    await process.kill();
    const outcomes = await all;
    interrupted += outcomes.filter(({ status }) => status === 'rejected').length;
    toEnrol = toEnrol.filter((customer) => !enrolledFor.has(customer));
  }
  // The kills did come in the middle of work, and some events did end a wait before.
  expect(interrupted).toBeGreaterThan(kills);
  expect(openedBy.size).toBeGreaterThan(kills);

  const last = await begin(data, outbox);
  await Promise.all(toEnrol.map((customer) => last.call({ do: 'enrol', customer })));
  for (const customer of toEnrol) enrolledFor.add(customer);
  await last.kill();

  await verify(data, outbox, enrolledFor, openedBy);
});

/** Resolves when that many of the calls have been answered. */
async function acknowledged(calls: readonly Promise<void>[], count: number): Promise<void> {
  let answered = 0;
  await new Promise<void>((resolve) => {
    for (const call of calls) {
      void call.then(
        () => (answered += 1) === count && resolve(),
        () => undefined,
      );
    }
  });
}

async function verify(
  folder: string,
  outbox: string,
  enrolledFor: ReadonlySet<string>,
  openedBy: ReadonlySet<string>,
): Promise<void> {
  const runtime = await openRuntime({
    folder,
    channels: { email: { file: fileChannel(outbox) } },
    onError: (error) => {
      throw error;
    },
    templatesMustExist: false,
  });
  try {
    await quiet(runtime.executor);
    const { ctx } = runtime;
    const sent = readFileSync(outbox, 'utf8').trim().split('\n');
    expect(new Set(sent).size).toBe(sent.length);
    const statuses = new Map<string, string>();
    for await (const instance of allJourneyInstances(ctx, { tenant: 'T1', journey: 'J' })) {
      expect(statuses.has(instance.customer), instance.customer).toBe(false);
      statuses.set(instance.customer, instance.status);
      const steps = await readTimeline(ctx, instance);
      const nodes = steps.map(({ node }) => node);
      expect(['entry_1,email_1,wait_1', 'entry_1,email_1,wait_1,goal_1']).toContain(nodes.join());
      const mail = steps[1]?.send?.status;
      if (mail === 'sent') expect(sent).toContain(`T1/${instance.id}/email_1`);
      else expect(mail).toBe('unknown');
    }
    expect([...statuses.keys()].toSorted()).toEqual([...enrolledFor].toSorted());
    for (const customer of openedBy)
      expect([customer, statuses.get(customer)]).toEqual([customer, 'completed']);
    expect(await countLeftovers(ctx)).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  } finally {
    await runtime.close();
  }
}

async function quiet(executor: Awaited<ReturnType<typeof openRuntime>>['executor']): Promise<void> {
  for (let quietFor = 0; quietFor < 20;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { functionsRunning, functionsWaiting, unstored } = executor.activity();
    quietFor = functionsRunning + functionsWaiting + unstored === 0 ? quietFor + 1 : 0;
  }
}

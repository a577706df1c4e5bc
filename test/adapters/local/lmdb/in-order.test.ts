import { expect, test } from 'vitest';
import { createInOrder } from '../../../../lib/adapters/local/lmdb/in-order.ts';

test('work runs at once while nothing has to be waited for', async () => {
  const order: string[] = [];
  const { run } = createInOrder(
    () => true,
    () => Promise.reject(new Error('not needed')),
  );
  const answer = run('get', () => order.push('work'));
  order.push('after');
  expect(await answer).toBe(1);
  expect(order).toEqual(['work', 'after']);
});

test('work that has to wait runs in the order of the calls, and later work does not pass it', async () => {
  const order: number[] = [];
  let isReady = false;
  let makeReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    makeReady = () => {
      isReady = true;
      resolve();
    };
  });
  const { run } = createInOrder(
    () => isReady,
    () => ready,
  );
  const answers = [1, 2, 3].map((n) => run('write', () => order.push(n)));
  makeReady();
  answers.push(run('write', () => order.push(4)));
  await ready.then(() => answers.push(run('write', () => order.push(5))));
  await Promise.all(answers);
  expect(order).toEqual([1, 2, 3, 4, 5]);
  void run('write', () => order.push(6));
  expect(order).toEqual([1, 2, 3, 4, 5, 6]);
});

test('the next in line waits for work to begin, not for its answer', async () => {
  const { run } = createInOrder(
    () => false,
    () => Promise.resolve(),
  );
  const never = run('write', () => new Promise<string>(() => undefined));
  expect(await run('get', () => 'answer')).toBe('answer');
  expect(await Promise.race([never, Promise.resolve('still open')])).toBe('still open');
});

test('what goes wrong is told in the words of the port, by the name of the call', async () => {
  const ready = createInOrder(
    () => true,
    () => Promise.resolve(),
  );
  const broken = createInOrder(
    () => false,
    () => Promise.reject(new Error('EIO')),
  );
  const failing = (): never => {
    throw new Error('MDB_CORRUPTED');
  };
  await expect(ready.run('send.claim', failing)).rejects.toMatchObject({
    code: 'table.unavailable',
    message: 'The table failed at send.claim: MDB_CORRUPTED.',
  });
  await expect(broken.run('get', failing)).rejects.toMatchObject({
    code: 'table.unavailable',
    message: 'The table failed at get: EIO.',
  });
  const odd = (): never => {
    // Not every library throws errors.
    throw 'odd' as unknown as Error;
  };
  await expect(ready.run('get', odd)).rejects.toMatchObject({
    message: 'The table failed at get: odd.',
  });
});

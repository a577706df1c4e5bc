import { describe, expect, it } from 'vitest';
import { taskPlace } from '../../../lib/engine/steps/read-task.ts';

const payload = { schema: 2, tenant: 'T1', journey: 'J', instance: 'i1', epoch: 1, node: 'a' };

describe('the place of a task', () => {
  it('is what logs and metrics say about it', () => {
    expect(taskPlace({ ...payload, token: 'secret' })).toEqual({
      tenant: 'T1',
      journey: 'J',
      instance: 'i1',
      node: 'a',
    });
  });

  it('has no journey in a payload of an older machine', () => {
    expect(taskPlace({ schema: 1, tenant: 'T1', instance: 'i1', epoch: 1, node: 'a' })).toEqual({
      tenant: 'T1',
      instance: 'i1',
      node: 'a',
    });
  });

  it('has no node where the task belongs to none', () => {
    const { node: _node, ...paused } = payload;
    expect(taskPlace({ ...paused, ask: 'pause' })).toEqual({
      tenant: 'T1',
      journey: 'J',
      instance: 'i1',
    });
  });

  it.each([
    null,
    7,
    'payload',
    [],
    {},
    { ...payload, schema: 3 },
    { ...payload, schema: '2' },
    { ...payload, tenant: ' ' },
    { ...payload, journey: undefined },
    { ...payload, instance: 'a#b' },
  ])('is unknown for %j', (other) => {
    expect(taskPlace(other)).toBeUndefined();
  });
});

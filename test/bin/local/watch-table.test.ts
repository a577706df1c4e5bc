import { expect, it } from 'vitest';
import { paintTable, type WatchRow } from '../../../bin/local/watch-table.ts';

const now = new Date('2026-01-01T00:10:00Z');

const waiting: WatchRow = {
  tenant: 'acme',
  execution: {
    arn: 'arn:1',
    name: 'i_1-1',
    machine: 'kalcifer-dev-welcome-v1',
    status: 'RUNNING',
    startedAt: new Date('2026-01-01T00:08:30.900Z'),
  },
  instance: {
    journey: 'welcome',
    version: 1,
    customer_id: 'ada',
    status: 'waiting',
    positions: ['opened', 'tag'],
    deadlines: { opened: '2026-01-04T00:08:30.000Z' },
  },
};

const exited: WatchRow = {
  tenant: 'acme',
  execution: {
    arn: 'arn:2',
    name: 'i_2-1',
    machine: 'kalcifer-dev-welcome-v1',
    status: 'ABORTED',
    startedAt: new Date('2026-01-01T00:00:00Z'),
    endedAt: new Date('2026-01-01T00:00:00.400Z'),
  },
  instance: {
    journey: 'welcome',
    version: 1,
    customer_id: 'grace',
    status: 'exited',
    exit_reason: 'cancelled_by_operator',
    positions: [],
    deadlines: {},
  },
};

const forgotten: WatchRow = {
  tenant: 'acme',
  execution: { ...exited.execution, name: 'i_3-2', status: 'SUCCEEDED' },
};

it('shows each execution, where its customer is, and until when', () => {
  expect(paintTable([waiting, exited, forgotten], now)).toBe(
    [
      'execution  machine                  state      tenant  customer  instance  at                                    since',
      'i_1-1      kalcifer-dev-welcome-v1  RUNNING    acme    ada       waiting   opened (until 2026-01-04 00:08), tag  1m 29s',
      'i_2-1      kalcifer-dev-welcome-v1  ABORTED    acme    grace     exited    cancelled_by_operator                 0s',
      'i_3-2      kalcifer-dev-welcome-v1  SUCCEEDED  acme                                                              0s',
      '',
    ].join('\n'),
  );
});

it('says what to do when there is nothing to show', () => {
  expect(paintTable([], now)).toBe(
    'No executions yet. Send an event: npm run local:event -- <tenant> <customer> <type>\n',
  );
});

it('leaves out on a narrow terminal what says least, and never breaks a line', () => {
  expect(paintTable([waiting, exited], now, { columns: 90 })).toBe(
    [
      'machine                  state    customer  instance  at',
      'kalcifer-dev-welcome-v1  RUNNING  ada       waiting   opened (until 2026-01-04 00:08), tag',
      'kalcifer-dev-welcome-v1  ABORTED  grace     exited    cancelled_by_operator',
      '',
    ].join('\n'),
  );
  expect(paintTable([waiting, exited], now, { columns: 40 })).toBe(
    [
      'state    customer  at',
      'RUNNING  ada       opened (until 2026-01',
      'ABORTED  grace     cancelled_by_operator',
      '',
    ].join('\n'),
  );
  expect(paintTable([waiting, exited], now, { columns: 5 })).toBe('state\nRUNNI\nABORT\n');
});

it('shows the newest on a low terminal, and says how many there are besides', () => {
  const many = Array.from({ length: 200 }, () => waiting);
  const lines = paintTable(many, now, { lines: 10 }).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('and 192 more');
  expect(paintTable(many.slice(0, 9), now, { lines: 10 }).split('\n')).toHaveLength(11);
  expect(paintTable(many, now, { lines: 0 }).trimEnd().split('\n')).toHaveLength(3);
});

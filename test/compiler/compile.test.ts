import aslValidator from 'asl-validator';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileGraph, printDefinition } from '../../lib/compiler/compile.ts';
import type {
  ChoiceState,
  State,
  StateMachine,
  TaskState,
} from '../../lib/compiler/state-machine.ts';
import { parseGraph } from '../../lib/journey/parse.ts';
import { checkStateMachine } from '../../lib/local/asl/asl.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { drawGraph, simpleEmailJourney, simpleJourney, type DrawnJson } from '../support/graphs.ts';

function compile(drawn: DrawnJson): StateMachine {
  const parsed = parseGraph(drawn);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const compiled = compileGraph(parsed.graph, nodeTypes, 'test v1');
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.definition;
}

function task(machine: StateMachine, name: string): TaskState {
  const state: State | undefined = machine.States[name];
  if (state?.Type !== 'Task') throw new Error(`${name} is no task`);
  return state;
}

const retry = [
  {
    ErrorEquals: ['Kalcifer.Stopped', 'Kalcifer.Failed', 'Kalcifer.Paused'],
    MaxAttempts: 0,
  },
  {
    ErrorEquals: [
      'Kalcifer.Unavailable',
      'Lambda.TooManyRequestsException',
      'Lambda.ServiceException',
      'Lambda.SdkClientException',
    ],
    MaxAttempts: 100,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
  {
    ErrorEquals: ['States.ALL'],
    MaxAttempts: 8,
    JitterStrategy: 'FULL',
  },
];

const catches = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: '(thrown)' }];

describe('compileGraph', () => {
  it('makes one state of each node, named by its id, and lets an execution start at any of them', () => {
    expect(compile(simpleJourney())).toEqual({
      Comment: 'test v1',
      StartAt: '(start)',
      States: {
        '(start)': {
          Type: 'Choice',
          Comment: 'Where does this execution begin?',
          Choices: [
            { Variable: '$.at', StringEquals: 'entry_1', Next: 'entry_1' },
            { Variable: '$.at', StringEquals: 'exit_1', Next: 'exit_1' },
          ],
          Default: '(failed)',
        },
        entry_1: {
          Type: 'Task',
          Comment: 'event_entry',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: {
            FunctionName: '${EntryFunction}',
            Payload: {
              schema: 2,
              'tenant.$': '$.tenant',
              'journey.$': '$.journey',
              'instance.$': '$.instance',
              'epoch.$': '$.epoch',
              node: 'entry_1',
            },
          },
          ResultPath: null,
          Retry: retry,
          Catch: catches,
          Next: 'exit_1',
        },
        exit_1: {
          Type: 'Task',
          Comment: 'exit',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: {
            FunctionName: '${ExitFunction}',
            Payload: {
              schema: 2,
              'tenant.$': '$.tenant',
              'journey.$': '$.journey',
              'instance.$': '$.instance',
              'epoch.$': '$.epoch',
              node: 'exit_1',
            },
          },
          ResultPath: null,
          Retry: retry,
          Catch: catches,
          End: true,
        },
        '(thrown)': {
          Type: 'Choice',
          Choices: [
            { Variable: '$.error.Error', StringEquals: 'Kalcifer.Stopped', Next: '(stopped)' },
            { Variable: '$.error.Error', StringEquals: 'Kalcifer.Paused', Next: '(paused)' },
          ],
          Default: '(fail instance)',
        },
        '(paused)': {
          Type: 'Task',
          Comment: 'The instance is paused; resuming it answers with the node to go on at.',
          Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
          Parameters: {
            FunctionName: '${WaitFunction}',
            Payload: {
              schema: 2,
              'tenant.$': '$.tenant',
              'journey.$': '$.journey',
              'instance.$': '$.instance',
              'epoch.$': '$.epoch',
              ask: 'pause',
              'cause.$': '$.error.Cause',
              'token.$': '$$.Task.Token',
            },
          },
          ResultPath: '$.at',
          Retry: retry,
          Catch: catches,
          Next: '(start)',
        },
        '(stopped)': {
          Type: 'Succeed',
          Comment: 'The instance has ended or goes on in another execution.',
        },
        '(fail instance)': {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: {
            FunctionName: '${FailInstanceFunction}',
            Payload: {
              schema: 2,
              'tenant.$': '$.tenant',
              'journey.$': '$.journey',
              'instance.$': '$.instance',
              'epoch.$': '$.epoch',
              'error.$': '$.error.Error',
            },
          },
          ResultPath: null,
          Retry: retry,
          Catch: [{ ErrorEquals: ['Kalcifer.Stopped'], ResultPath: null, Next: '(stopped)' }],
          Next: '(failed)',
        },
        '(failed)': {
          Type: 'Fail',
          Error: 'Kalcifer.InstanceFailed',
          Cause: 'The instance failed; its timeline in Kalcifer tells why.',
        },
      },
    });
  });

  it('parks an event wait with its timeout rounded up and one second more, and chooses by branch', () => {
    const machine = compile(simpleEmailJourney({ timeout: '100ms' }));
    const wait = task(machine, 'wait_1');
    expect(wait).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: 2,
      ResultPath: '$.step',
      Next: 'wait_1 (branch)',
    });
    expect(wait.Parameters.Payload).toMatchObject({ 'token.$': '$$.Task.Token' });
    expect(wait.Retry[0]).toEqual({
      ErrorEquals: ['Kalcifer.Stopped', 'Kalcifer.Failed', 'Kalcifer.Paused', 'States.Timeout'],
      MaxAttempts: 0,
    });
    expect(wait.Catch).toEqual([
      { ErrorEquals: ['States.Timeout'], ResultPath: null, Next: 'wait_1 (timed out)' },
      ...catches,
    ]);
    expect(machine.States['wait_1 (branch)']).toEqual({
      Type: 'Choice',
      Choices: [
        { Variable: '$.step.branch', StringEquals: 'event_received', Next: 'goal_1' },
        { Variable: '$.step.branch', StringEquals: 'timed_out', Next: 'email_2' },
      ],
      Default: '(failed)',
    });
    expect(task(machine, 'wait_1 (timed out)')).toMatchObject({
      Parameters: { FunctionName: '${ResolveWaitFunction}' },
      ResultSelector: { 'branch.$': '$.Payload.branch' },
      ResultPath: '$.step',
      Next: 'wait_1 (branch)',
    });
  });

  it('takes a wait up again by a state that reads its timeout from the input', () => {
    const machine = compile(simpleEmailJourney());
    const { TimeoutSeconds, ...wait } = task(machine, 'wait_1');
    expect(TimeoutSeconds).toBe(259_201);
    expect(task(machine, 'wait_1 (resumed)')).toEqual({
      ...wait,
      TimeoutSecondsPath: '$.step.seconds',
    });
    expect((machine.States['(start)'] as ChoiceState).Choices).toContainEqual({
      Variable: '$.at',
      StringEquals: 'wait_1 (resumed)',
      Next: 'wait_1 (resumed)',
    });
  });

  it('lets no wait outlive its execution: after 300 days the next one takes it up', () => {
    const drawn = drawGraph(
      {
        in: ['event_entry', { event_type: 'go' }],
        long: ['wait', { duration: '1825d' }],
        out: ['exit'],
      },
      ['in -> long', 'long -> out'],
    );
    expect(task(compile(drawn), 'long').TimeoutSeconds).toBe(25_920_000);
  });

  it('asks for the deadline of a wait_until before it parks', () => {
    const drawn = drawGraph(
      {
        in: ['event_entry', { event_type: 'go' }],
        until: ['wait_until', { datetime: 'event.starts_at' }],
        out: ['exit'],
      },
      ['in -> until', 'until -> out'],
    );
    const machine = compile(drawn);
    expect(task(machine, 'in').Next).toBe('until (deadline)');
    expect(task(machine, 'until (deadline)')).toMatchObject({
      Parameters: { Payload: { node: 'until', ask: 'deadline' } },
      ResultSelector: { 'seconds.$': '$.Payload.seconds' },
      ResultPath: '$.step',
      Next: 'until',
    });
    expect(task(machine, 'until')).toMatchObject({
      TimeoutSecondsPath: '$.step.seconds',
      ResultPath: null,
      Next: 'out',
    });
    expect((machine.States['(start)'] as ChoiceState).Choices).toEqual([
      { Variable: '$.at', StringEquals: 'in', Next: 'in' },
      { Variable: '$.at', StringEquals: 'until', Next: 'until (deadline)' },
      { Variable: '$.at', StringEquals: 'until (resumed)', Next: 'until' },
      { Variable: '$.at', StringEquals: 'out', Next: 'out' },
    ]);
  });

  it('ends the execution at a leaf', () => {
    const drawn = drawGraph(
      { in: ['event_entry', { event_type: 'go' }], tag: ['add_tag', { tag: 'x' }] },
      ['in -> tag'],
    );
    expect(task(compile(drawn), 'tag').End).toBe(true);
  });

  it('refuses a node id that cannot name a state', () => {
    const graph = {
      nodes: [{ id: 'a (b)', type: 'event_entry', config: { event_type: 'go' } }],
      edges: [],
      exitCriteria: [],
      frequencyCaps: [],
    };
    expect(compileGraph(graph, nodeTypes, 'test')).toMatchObject({
      problems: [{ code: 'compiler.state_name', node: 'a (b)' }],
    });
  });

  it('compiles five hundred nodes, half of them waits, within the quota of Step Functions', () => {
    const ids = Array.from({ length: 500 }, (_, n) => `node_${n}`);
    const drawn = drawGraph(
      Object.fromEntries(
        ids.map((id, n) => [
          id,
          n === 0
            ? ['event_entry', { event_type: 'go' }]
            : n % 2 === 0
              ? ['wait', { duration: '1d' }]
              : ['send_email', { template_id: `mail_${n}` }],
        ]),
      ) as never,
      ids.slice(1).map((id, n) => `node_${n} -> ${id}`),
    );
    const machine = compile(drawn);
    expect(Object.keys(machine.States).filter((name) => !name.includes('('))).toHaveLength(500);
  });

  it('refuses a machine that is too large for Step Functions', () => {
    const ids = Array.from({ length: 500 }, (_, n) => `n${n}`);
    const graph = {
      nodes: ids.map((id, n) =>
        n === 0
          ? { id, type: 'event_entry', config: { event_type: 'go' } }
          : { id, type: 'wait_for_event', config: { event_type: 'x', timeout: '1d' } },
      ),
      edges: ids.slice(1).flatMap((id, n) =>
        n === 0
          ? [{ source: 'n0', target: id }]
          : [
              { source: ids[n] ?? '', target: id, branch: 'event_received' },
              { source: ids[n] ?? '', target: id, branch: 'timed_out' },
            ],
      ),
      exitCriteria: [],
      frequencyCaps: [],
    };
    expect(compileGraph(graph, nodeTypes, 'test')).toMatchObject({
      problems: [
        { code: 'compiler.too_large', message: expect.stringContaining('too large') as string },
      ],
    });
  });
});

describe('the sample journeys', () => {
  it.each(['welcome', 'abandoned-cart', 're-engagement'])(
    '%s is valid ASL and equals the file beside it',
    (journey) => {
      const file = `statemachines/${journey}/v1`;
      const drawn = JSON.parse(readFileSync(`${file}.journey.json`, 'utf8')) as DrawnJson;
      const parsed = parseGraph(drawn);
      if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
      const compiled = compileGraph(parsed.graph, nodeTypes, `${journey} v1`);
      if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
      expect(printDefinition(compiled.definition)).toBe(readFileSync(`${file}.asl.json`, 'utf8'));
      expect(checkStateMachine(compiled.definition)).toEqual([]);
      expect(aslValidator(compiled.definition as never)).toMatchObject({ isValid: true });
    },
  );
});

/**
 * Engine and executor wired to each other on one machine: the executor runs the compiled machines and calls the engine's verbs as
 * their functions, the engine starts and answers executions. The runtime and the test kit differ only in the ports they give.
 */
import { engineContext, type EngineContext, type EnginePorts } from '../engine/engine-context.ts';
import { handleTask, type TaskVerb } from '../engine/steps/handle-task.ts';
import { readDefinition } from '../engine/journeys/read-machine.ts';
import { compileJourney } from '../compiler/compile-journey.ts';
import { nodeFunctions, placeholder, type NodeFunction } from '../compiler/node-functions.ts';
import { isJsonObject } from '../json.ts';
import { KalciferError } from '../kalcifer-error.ts';
import { nodeTypes } from '../nodes/catalogue.ts';
import type { Chance } from '../ports/chance.ts';
import { createExecutor, type Executor } from './executor/executor.ts';
import type { ErrorReport } from './executor/executor-options.ts';
import type { Gate } from './executor/gate.ts';

export interface EmbeddedPorts extends Omit<EnginePorts, 'executions'> {
  readonly chance: Chance;
  readonly onError: (report: ErrorReport) => void;
  readonly templatesMustExist: boolean;
  readonly gate?: Gate;
}

export interface EmbeddedEngine {
  readonly ctx: EngineContext;
  readonly executor: Executor;
}

export function embeddedEngine(ports: EmbeddedPorts): EmbeddedEngine {
  const { table, clock, chance, onError, gate, templatesMustExist } = ports;
  const executor: Executor = createExecutor({
    table,
    clock,
    chance,
    onError,
    ...(gate === undefined ? {} : { gate }),
    definitionOf: (machine) => readDefinition(ctx, machine),
    deadlineOf: (answer) =>
      isJsonObject(answer) && typeof answer.deadline === 'number' ? answer.deadline : undefined,
    invoke: (functionName, payload) => handleTask(ctx, verbOf(functionName), payload),
  });
  const ctx = engineContext(
    { ...ports, executions: executor.executions },
    { nodeTypes, compile: compileJourney, templatesMustExist },
  );
  return { ctx, executor };
}

const verbs: Readonly<Record<NodeFunction, TaskVerb>> = {
  EntryFunction: 'run_node',
  ChannelFunction: 'run_node',
  LogicFunction: 'run_node',
  DataFunction: 'run_node',
  WaitFunction: 'run_node',
  ExitFunction: 'run_node',
  ResolveWaitFunction: 'resolve_wait',
  FailInstanceFunction: 'fail_instance',
};

const verbsByPlaceholder: ReadonlyMap<string, TaskVerb> = new Map(
  nodeFunctions.map((name) => [placeholder(name), verbs[name]]),
);

function verbOf(functionName: string): TaskVerb {
  const verb = verbsByPlaceholder.get(functionName);
  if (verb !== undefined) return verb;
  throw new KalciferError('task.function_unknown', `There is no function ${functionName}.`);
}

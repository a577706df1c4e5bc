/**
 * A valid graph -> a state machine in Amazon States Language (design, decisions 3, 4 and 5). The same graph always gives the same
 * text, and nothing of a customer, a tenant or a secret is in it.
 */
import type { Graph } from '../journey/graph.ts';
import type { Problem } from '../kalcifer-error.ts';
import { atNode, atResumedWait, signal } from '../nodes/machine-contract.ts';
import type { NodeType } from '../nodes/node-type.ts';
import { catchFailInstance, catchTask, retryTask } from './error-policy.ts';
import { functionOf, placeholder } from './node-functions.ts';
import { firstState, nodeStates, type NodePlan } from './node-states.ts';
import type { ChoiceState, State, StateMachine } from './state-machine.ts';
import { canNameState, nodeIdCharactersMax, stateName } from './state-names.ts';
import { failurePayload, pausePayload } from './task-payload.ts';

export type Compiled =
  { readonly definition: StateMachine } | { readonly problems: readonly Problem[] };

/**
 * Compiles a graph that `validateGraph` found valid.
 *
 * @param comment becomes the machine's comment: the journey's name and version
 * @returns the definition, or what Step Functions would refuse about it
 */
export function compileGraph(
  graph: Graph,
  nodeTypes: ReadonlyMap<string, NodeType>,
  comment: string,
): Compiled {
  const badNames = graph.nodes.filter((node) => !canNameState(node.id));
  if (badNames.length > 0) return { problems: badNames.map((node) => unnameable(node.id)) };

  const plans = new Map(planNodes(graph, nodeTypes).map((plan) => [plan.id, plan]));
  const firstStateOf = (node: string): string => firstState(planOf(plans, node));
  const states: Record<string, State> = { [stateName.start]: startState(plans) };
  for (const plan of plans.values()) Object.assign(states, nodeStates(plan, firstStateOf));
  Object.assign(states, asideStates(), endStates());

  const definition: StateMachine = { Comment: comment, StartAt: stateName.start, States: states };
  const bytes = definitionBytes(definition);
  return bytes > definitionBytesMax ? { problems: [tooLarge(bytes)] } : { definition };
}

/** The text that is deployed and compared for drift. */
export function printDefinition(definition: StateMachine): string {
  return `${JSON.stringify(definition, null, 2)}\n`;
}

function planNodes(graph: Graph, nodeTypes: ReadonlyMap<string, NodeType>): NodePlan[] {
  const edgesBySource = groupBySource(graph.edges);
  return graph.nodes.map((node) => {
    const type = nodeTypes.get(node.type);
    if (type === undefined)
      throw new Error(`compileGraph needs a valid graph: ${node.type} is unknown`);
    const config = type.config.parse(node.config ?? {});
    const edges = edgesBySource.get(node.id) ?? [];
    const parking = type.parking?.(config);
    return {
      id: node.id,
      type: node.type,
      run: functionOf(type),
      ...(parking === undefined ? {} : { parking }),
      leads: leadsOf(edges, type.branches !== undefined),
    };
  });
}

function leadsOf(edges: readonly Graph['edges'][number][], branching: boolean): NodePlan['leads'] {
  const [first] = edges;
  if (first === undefined) return { kind: 'nowhere' };
  if (!branching) return { kind: 'to', node: first.target };
  return {
    kind: 'by_branch',
    targets: new Map(edges.map((edge) => [edge.branch ?? '', edge.target])),
  };
}

function groupBySource(edges: Graph['edges']): ReadonlyMap<string, Graph['edges'][number][]> {
  const bySource = new Map<string, Graph['edges'][number][]>();
  for (const edge of edges) bySource.set(edge.source, [...(bySource.get(edge.source) ?? []), edge]);
  return bySource;
}

/** Every execution can start at any node (design, decision 5), and at any wait as one that is taken up again. */
function startState(plans: ReadonlyMap<string, NodePlan>): ChoiceState {
  const at = (value: string, next: string): ChoiceState['Choices'][number] => ({
    Variable: '$.at',
    StringEquals: value,
    Next: next,
  });
  return {
    Type: 'Choice',
    Comment: 'Where does this execution begin?',
    Choices: [...plans.values()].flatMap((plan) => [
      at(atNode(plan.id), firstState(plan)),
      ...(plan.parking === undefined
        ? []
        : [
            at(
              atResumedWait(plan.id),
              plan.parking.kind === 'fixed' ? stateName.resumed(plan.id) : plan.id,
            ),
          ]),
    ]),
    Default: stateName.failed,
  };
}

/** Where a thrown error leads: out, to the pause gate and back to the node that was paused at, or to the end of the instance. */
function asideStates(): Record<string, State> {
  const on = (error: string, next: string): ChoiceState['Choices'][number] => ({
    Variable: '$.error.Error',
    StringEquals: error,
    Next: next,
  });
  return {
    [stateName.thrown]: {
      Type: 'Choice',
      Choices: [on(signal.stopped, stateName.stopped), on(signal.paused, stateName.paused)],
      Default: stateName.failInstance,
    },
    [stateName.paused]: {
      Type: 'Task',
      Comment: 'The instance is paused; resuming it answers with the node to go on at.',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: { FunctionName: placeholder('WaitFunction'), Payload: pausePayload() },
      ResultPath: '$.at',
      Retry: retryTask(),
      Catch: catchTask(),
      Next: stateName.start,
    },
  };
}

function endStates(): Record<string, State> {
  return {
    [stateName.stopped]: {
      Type: 'Succeed',
      Comment: 'The instance has ended or goes on in another execution.',
    },
    [stateName.failInstance]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: {
        FunctionName: placeholder('FailInstanceFunction'),
        Payload: failurePayload(),
      },
      ResultPath: null,
      Retry: retryTask(),
      Catch: catchFailInstance(),
      Next: stateName.failed,
    },
    [stateName.failed]: {
      Type: 'Fail',
      Error: 'Kalcifer.InstanceFailed',
      Cause: 'The instance failed; its timeline in Kalcifer tells why.',
    },
  };
}

function planOf(plans: ReadonlyMap<string, NodePlan>, node: string): NodePlan {
  const plan = plans.get(node);
  if (plan === undefined) throw new Error(`compileGraph needs a valid graph: no node ${node}`);
  return plan;
}

/** The quota of Step Functions for a definition: 1 MiB. */
const definitionBytesMax = 1024 * 1024;

/** A placeholder becomes the ARN of a function: as long as a Region and a function name make it, without the placeholder. */
const arnBytes = 100;

/** Size as it is deployed: without the white space of the file, and with ARNs in the place of placeholders. */
function definitionBytes(definition: StateMachine): number {
  const tasks = Object.values(definition.States).filter(({ Type }) => Type === 'Task');
  return new TextEncoder().encode(JSON.stringify(definition)).length + tasks.length * arnBytes;
}

function tooLarge(bytes: number): Problem {
  return {
    code: 'compiler.too_large',
    message: `the compiled state machine is too large: about ${bytes} bytes, and Step Functions takes ${definitionBytesMax}`,
    hint: 'Split the journey in two: let the first end with an event that the second one enters on.',
  };
}

function unnameable(node: string): Problem {
  return {
    code: 'compiler.state_name',
    node,
    message: `node id "${node}" cannot name a state`,
    hint: `Use 1 to ${nodeIdCharactersMax} characters without parentheses and control characters.`,
  };
}

/**
 * A valid graph -> a state machine in Amazon States Language (design, decisions 3, 4 and 5). The same graph always gives the same
 * text, and nothing of a customer, a tenant or a secret is in it.
 */
import { layOut, type DrawnGraph } from '../journey/drawn-graph.ts';
import { findForks, type Forks } from '../journey/forks.ts';
import type { Graph, GraphEdge } from '../journey/graph.ts';
import type { Problem } from '../kalcifer-error.ts';
import { atNode, atResumedWait, nodeKey, signal } from '../nodes/machine-contract.ts';
import type { NodeType } from '../nodes/node-type.ts';
import { catchFailInstance, catchTask, retryTask } from './error-policy.ts';
import { functionOf, placeholder } from './node-functions.ts';
import { layOutScopes } from './layout.ts';
import { firstState, pauseState, type Lead, type NodePlan } from './node-states.ts';
import { planOf, type OpenMachine } from './open-scope.ts';
import { scopeStates } from './scope-states.ts';
import type { ChoiceState, State, States, StateMachine } from './state-machine.ts';
import { canNameState, nodeIdCharactersMax, stateName } from './state-names.ts';
import { failurePayload } from './task-payload.ts';

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

  const drawn = layOut(graph, nodeTypes);
  const forks = findForks(drawn);
  const plans = new Map(planNodes(graph, nodeTypes, drawn, forks).map((plan) => [plan.id, plan]));
  const top = layOutScopes({
    nodes: graph.nodes.map(({ id }) => id),
    successors: drawn.successors,
    starts: startsOf(graph),
    ...(forks === undefined ? {} : { forks }),
  });
  if (top === undefined) return { problems: [sharesTooMuch] };
  const machine: OpenMachine = {
    plans,
    reaches: (from, to) => forks?.reach.reaches(from, to) === true,
    taken: new Map(),
  };
  const { states: inner, search } = scopeStates(machine, top, true);
  const states = {
    [stateName.start]: startState(
      top.nodes.map((node) => planOf(machine, node)),
      search,
    ),
    ...inner,
    ...asideStates(forks !== undefined),
    ...endStates(),
  };

  const definition: StateMachine = { Comment: comment, StartAt: stateName.start, States: states };
  const bytes = definitionBytes(definition);
  return bytes > definitionBytesMax ? { problems: [tooLarge(bytes)] } : { definition };
}

/** The text that is deployed and compared for drift. */
export function printDefinition(definition: StateMachine): string {
  return `${JSON.stringify(definition, null, 2)}\n`;
}

function planNodes(
  graph: Graph,
  nodeTypes: ReadonlyMap<string, NodeType>,
  drawn: DrawnGraph,
  forks: Forks | undefined,
): NodePlan[] {
  return graph.nodes.map((node, place) => {
    const type = nodeTypes.get(node.type);
    if (type === undefined)
      throw new Error(`compileGraph needs a valid graph: ${node.type} is unknown`);
    const config = type.config.parse(node.config ?? {});
    const parking = type.parking?.(config);
    const outageMs = type.outageMs?.(config);
    const branches = type.branches?.(config) ?? [];
    return {
      id: node.id,
      type: node.type,
      key: nodeKey(place),
      run: functionOf(type),
      ends: type.ends?.(config) ?? false,
      ...(parking === undefined ? {} : { parking }),
      ...(outageMs === undefined ? {} : { outageMs }),
      leads: leadsOf(drawn.leaving.get(node.id) ?? [], branches.length > 0, forks),
    };
  });
}

function leadsOf(
  edges: readonly GraphEdge[],
  branching: boolean,
  forks: Forks | undefined,
): NodePlan['leads'] {
  if (edges.length === 0) return { kind: 'nowhere' };
  const leads = new Map(
    edges.map((edge): [string, Lead] => [edge.branch ?? '', leadOf(edge, forks)]),
  );
  const [lead] = leads.values();
  return branching || lead === undefined ? { kind: 'by_branch', leads } : { kind: 'to', lead };
}

function leadOf({ source, target, branch }: GraphEdge, forks: Forks | undefined): Lead {
  const fork = forks?.list.find((one) => one.node === source && one.branch === branch);
  if (fork === undefined) return { node: target };
  return fork.privateEnd === undefined ? { fork } : { node: fork.privateEnd };
}

/** Nodes that nothing leads to: of a valid graph, its entries. */
function startsOf(graph: Graph): readonly string[] {
  const targets = new Set(graph.edges.map(({ target }) => target));
  return graph.nodes.map(({ id }) => id).filter((id) => !targets.has(id));
}

/** Every execution can start at any node (design, decision 5), and at any wait as one that is taken up again. */
function startState(plans: readonly NodePlan[], search: string | undefined): ChoiceState {
  const at = (value: string, next: string): ChoiceState['Choices'][number] => ({
    Variable: '$.at',
    StringEquals: value,
    Next: next,
  });
  return {
    Type: 'Choice',
    Comment: 'Where does this execution begin?',
    Choices: plans.flatMap((plan) => [
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
    Default: search ?? stateName.failed,
  };
}

/** Where a thrown error leads: out, to the pause gate and back to the node that was paused at, or to the end of the instance. */
function asideStates(forks: boolean): Record<string, State> {
  const on = (error: string, next: string): ChoiceState['Choices'][number] => ({
    Variable: '$.error.Error',
    StringEquals: error,
    Next: next,
  });
  return {
    [stateName.thrown]: {
      Type: 'Choice',
      Choices: [
        on(signal.stopped, stateName.stopped),
        on(signal.paused, stateName.paused),
        ...(forks ? [on(signal.ended, stateName.stopped)] : []),
      ],
      Default: stateName.failInstance,
    },
    [stateName.paused]: { ...pauseState(), Catch: catchTask(), Next: stateName.start },
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

/** The quota of Step Functions for a definition: 1 MiB. */
const definitionBytesMax = 1024 * 1024;

/** A placeholder becomes the ARN of a function: as long as a Region and a function name make it, without the placeholder. */
const arnBytes = 100;

/** Size as it is deployed: without the white space of the file, and with ARNs in the place of placeholders. */
function definitionBytes(definition: StateMachine): number {
  const text = new TextEncoder().encode(JSON.stringify(definition)).length;
  return text + countTasks(definition.States) * arnBytes;
}

function countTasks(states: States): number {
  return Object.values(states).reduce((count, state) => {
    if (state.Type === 'Task') return count + 1;
    if (state.Type !== 'Parallel') return count;
    return state.Branches.reduce((all, branch) => all + countTasks(branch.States), count);
  }, 0);
}

const sharesTooMuch: Problem = {
  code: 'compiler.too_large',
  message:
    'the compiled state machine is too large: forks of different paths share so many nodes that each would need its own copies',
  hint: 'Let paths that run the same parallel branches come together before they fork.',
};

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

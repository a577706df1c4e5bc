/**
 * Journey JSON -> graph: checks the form of what was drawn (semantics 2.1), nothing of its meaning. A draft that parses can be
 * kept; `validateGraph` decides whether it can be published.
 */
import { z } from 'zod';
import { isJsonObject } from '../json.ts';
import type { Problem } from '../kalcifer-error.ts';
import { frequencyCapsField } from './cap-field.ts';
import type { ExitCriterion, Graph } from './graph.ts';
import type { GraphProblemCode } from './graph-problem.ts';
import { isPlainJson } from './plain-json.ts';
import { schemaProblems } from './schema-problems.ts';
import {
  filterField,
  idField,
  jsonObjectField,
  nameField,
  ruleField,
  shapedField,
} from './schema-field.ts';

export type ParsedGraph =
  | { readonly graph: Graph }
  | {
      readonly problems: readonly [Problem, ...Problem[]];
      /** What can be read in spite of them, so that the rules can be checked as well; absent when nodes or edges cannot. */
      readonly readable?: Graph;
    };

/**
 * Reads the JSON of a graph. Unknown keys are refused, so a misspelt one is never silently ignored.
 *
 * `{ "nodes": [{ "id": "in", "type": "event_entry", "config": { "event_type": "signed_up" } }], "edges": [] }`
 *
 * @returns the graph, or every problem of form with its `path`: `nodes[2].config`
 */
export function parseGraph(input: unknown): ParsedGraph {
  if (!isJsonObject(input) || !Array.isArray(input.nodes) || !Array.isArray(input.edges)) {
    return { problems: [notAGraph(input)] };
  }
  const parsed = graphSchema.safeParse(input);
  if (parsed.success) return { graph: parsed.data };
  const [first, ...others] = schemaProblems(parsed.error, input, '').map(
    ({ path, message }): Problem => ({
      code: malformed,
      message: path === '' ? `the graph ${message.replace(/^it /, '')}` : message,
      ...(path === '' ? {} : { path }),
    }),
  );
  const readable = readableSchema.safeParse(input);
  return {
    problems: [first ?? notAGraph(input), ...others],
    ...(readable.success ? { readable: readable.data } : {}),
  };
}

const malformed: GraphProblemCode = 'graph.malformed';

function notAGraph(input: unknown): Problem {
  const missing = isJsonObject(input)
    ? ['nodes', 'edges'].filter((key) => !Array.isArray(input[key]))
    : [];
  const detail = missing.length === 0 ? '' : ` (${missing.join(' and ')} missing or not a list)`;
  return {
    code: malformed,
    message: `graph must be an object with the lists "nodes" and "edges"${detail}`,
    hint: 'The smallest graph: {"nodes": [], "edges": []}.',
  };
}

/** The compiler names states by node ids, and paths name them between dots. */
const nodeIdCharactersMax = 64;

const nodeId = nameField(nodeIdCharactersMax).refine(
  (id) => !/[().]/.test(id) && id !== '__proto__',
  { message: 'must not contain dots or parentheses' },
);

/** A row of the table has 32 levels, and keeps graphs a few levels down. */
const positionDepthMax = 20;

const nodeSchema = z.strictObject({
  id: nodeId,
  type: nameField(),
  config: jsonObjectField.exactOptional(),
  // Cosmetic: the editor's business, in whatever form it likes.
  position: z
    .unknown()
    .refine((position) => isPlainJson(position ?? null, positionDepthMax), {
      message: `must be JSON with at most ${positionDepthMax} levels`,
    })
    .optional(),
});

const edgeSchema = z.strictObject({
  id: nameField().exactOptional(),
  source: nameField(),
  target: nameField(),
  branch: nameField().exactOptional(),
});

const eventCriterion = z
  .strictObject({ event_type: idField(), filter: filterField.exactOptional() })
  .transform(({ event_type: eventType, ...rest }): ExitCriterion => ({
    kind: 'event',
    eventType,
    ...rest,
  }));

const attributeCriterion = ruleField.transform((rule): ExitCriterion => ({
  kind: 'attribute',
  rule,
}));

const exitCriterion = shapedField<ExitCriterion>((input) => {
  const has = (key: string): boolean => isJsonObject(input) && Object.hasOwn(input, key);
  if (has('event_type')) return eventCriterion;
  return ['field', 'all', 'any', 'not'].some(has) ? attributeCriterion : noCriterion;
});

const noCriterion = z.custom<ExitCriterion>(() => false, {
  message:
    'must be an event, {"event_type", "filter"}, or a condition, {"field", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}',
});

/** Whatever ends an instance ends the watch for each of them in the same group of writes. */
const exitCriteriaMax = 10;

/** One criterion, or a list of them. */
const exitCriteria = shapedField<readonly ExitCriterion[]>((input) =>
  Array.isArray(input)
    ? z.array(exitCriterion).max(exitCriteriaMax)
    : exitCriterion.transform((criterion) => [criterion]),
);

const graphSchema = z
  .strictObject({
    nodes: z.array(nodeSchema),
    edges: z.array(edgeSchema),
    exit_criteria: exitCriteria.optional(),
    frequency_cap: frequencyCapsField.optional(),
  })
  .transform(({ nodes, edges, exit_criteria = [], frequency_cap = [] }): Graph => ({
    nodes: nodes.map(({ position: _cosmetic, ...node }) => node),
    edges,
    exitCriteria: exit_criteria,
    frequencyCaps: frequency_cap,
  }));

/** Everything that is not needed to tell nodes and edges apart is passed over: it has its own problem already. */
const readableSchema = z
  .object({
    nodes: z.array(
      z.object({
        id: z.string().min(1),
        type: z.string().min(1),
        config: jsonObjectField.exactOptional(),
      }),
    ),
    edges: z.array(
      z.object({
        id: z
          .string()
          .exactOptional()
          .catch(() => ''),
        source: z.string().min(1),
        target: z.string().min(1),
        branch: z.string().min(1).exactOptional(),
      }),
    ),
  })
  .transform(({ nodes, edges }): Graph => ({
    nodes,
    edges: edges.map(({ id: _mayBeWrong, ...edge }) => edge),
    exitCriteria: [],
    frequencyCaps: [],
  }));

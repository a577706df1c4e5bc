/** Checks of a scope (a machine, or one branch): its states, where they lead, and whether everything is reached and ends. */
import type { Json, JsonObject } from '../../../json.ts';
import { isJsonObject } from '../../../json.ts';
import type { FieldCheck } from './check-fields.ts';
import { text } from './check-fields.ts';
import type { ObjectShape } from './check-object.ts';
import { checkObject } from './check-object.ts';
import { checkState } from './check-state.ts';
import type { ProblemList } from './problem-list.ts';
import { at, note } from './problem-list.ts';

const nameLengthMax = 80;

/** In the order in which AWS names them. */
export const scopeRequired: readonly string[] = ['States', 'StartAt'];

/** What a scope has in any place; a machine has more. */
export const scopeFields: Readonly<Record<string, FieldCheck>> = {
  Comment: text,
  StartAt: text,
  States: (value, path, problems) => {
    if (!isJsonObject(value)) note(problems, 'schema', path, 'Expected value of type Object');
    else if (Object.keys(value).length === 0) {
      note(problems, 'schema', path, 'Value cannot be empty');
    }
  },
};

const branchShape: ObjectShape = { fields: scopeFields, required: scopeRequired };

/** Checks the states and transitions of a scope whose own fields were checked; names are unique in the whole machine. */
export function checkScope(
  scope: JsonObject,
  path: string,
  names: Set<string>,
  problems: ProblemList,
): void {
  const states = isJsonObject(scope['States']) ? scope['States'] : {};
  for (const [name, state] of Object.entries(states)) {
    const place = at(at(path, 'States'), name);
    if (names.has(name)) note(problems, 'duplicate', place, `Duplicate State name: ${name}`);
    names.add(name);
    if (name === '' || name.length > nameLengthMax) {
      note(problems, 'schema', place, `A state name has 1 to ${nameLengthMax} characters`);
    }
    checkState(state ?? null, place, problems);
    checkBranches(state ?? null, place, names, problems);
  }
  checkTransitions(scope, states, path, problems);
}

function checkBranches(state: Json, path: string, names: Set<string>, problems: ProblemList): void {
  if (!isJsonObject(state) || state['Type'] !== 'Parallel') return;
  const branches = Array.isArray(state['Branches']) ? state['Branches'] : [];
  for (const [index, branch] of (branches as readonly Json[]).entries()) {
    const place = at(path, `Branches[${index}]`);
    if (!isJsonObject(branch)) {
      note(problems, 'schema', place, 'Expected value of type Object');
      continue;
    }
    checkObject(branch, branchShape, place, problems);
    checkScope(branch, place, names, problems);
  }
}

interface Target {
  readonly name: string;
  readonly path: string;
}

function checkTransitions(
  scope: JsonObject,
  states: JsonObject,
  path: string,
  problems: ProblemList,
): void {
  const start = scope['StartAt'];
  if (typeof start !== 'string' || Object.keys(states).length === 0) return;
  const places = at(path, 'States');
  const targets = Object.entries(states).flatMap(([name, state]) =>
    targetsOf(state ?? null, at(places, name)),
  );
  for (const target of [{ name: start, path: at(path, 'StartAt') }, ...targets]) {
    if (Object.hasOwn(states, target.name)) continue;
    note(problems, 'transition', target.path, `Missing 'Next' target: ${target.name}`);
  }
  // AWS does not look for unreachable states in a scope that cannot end.
  if (!Object.values(states).some((state) => isTerminal(state ?? null))) {
    note(problems, 'no-end', path, 'Workflow has no terminal state');
    return;
  }
  const reached = reachedFrom(start, states);
  for (const name of Object.keys(states)) {
    if (reached.has(name)) continue;
    note(problems, 'transition', at(places, name), `State "${name}" is not reachable.`);
  }
}

function reachedFrom(start: string, states: JsonObject): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...targetsOf(state, '').map((target) => target.name));
  }
  return reached;
}

function targetsOf(state: Json, path: string): readonly Target[] {
  if (!isJsonObject(state)) return [];
  return [
    ...targetAt(state, 'Next', path),
    ...targetAt(state, 'Default', path),
    ...nestedTargets(state, 'Choices', path),
    ...nestedTargets(state, 'Catch', path),
  ];
}

function targetAt(holder: JsonObject, field: string, path: string): readonly Target[] {
  const name = holder[field];
  return typeof name === 'string' ? [{ name, path: at(path, field) }] : [];
}

function nestedTargets(
  state: JsonObject,
  field: 'Choices' | 'Catch',
  path: string,
): readonly Target[] {
  const list = Array.isArray(state[field]) ? (state[field] as readonly Json[]) : [];
  return list.flatMap((item, index) =>
    isJsonObject(item) ? targetAt(item, 'Next', at(path, `${field}[${index}]`)) : [],
  );
}

function isTerminal(state: Json): boolean {
  if (!isJsonObject(state)) return false;
  return state['End'] === true || state['Type'] === 'Succeed' || state['Type'] === 'Fail';
}

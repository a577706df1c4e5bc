/** Checks of one state: the fields its type may and must have, and what they may hold. */
import type { Json, JsonObject } from '../../../json.ts';
import { isJsonObject } from '../../../json.ts';
import { choices } from './check-choice-rule.ts';
import {
  anyJson,
  expression,
  flag,
  jsonPath,
  jsonPathOrNull,
  oneOf,
  referencePathOrNull,
  text,
  timestamp,
  wholeNumber,
} from './check-fields.ts';
import type { ObjectShape } from './check-object.ts';
import { checkObject } from './check-object.ts';
import { catchers, retry } from './check-recovery.ts';
import { checkTask } from './check-task.ts';
import { template } from './check-template.ts';
import type { ProblemList } from './problem-list.ts';
import { at, note, unsupported } from './problem-list.ts';

const stateTypes = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'];

const common = { Type: oneOf(...stateTypes), Comment: text, QueryLanguage: queryLanguage };
const io = { InputPath: jsonPathOrNull, OutputPath: jsonPathOrNull };
const transition = { Next: text, End: flag };
const result = { ResultPath: referencePathOrNull, Parameters: template };
const recovery = { ResultSelector: template, Retry: retry, Catch: catchers };

const shapes: Readonly<Record<string, ObjectShape>> = {
  Pass: { fields: { ...common, ...io, ...transition, ...result, Result: anyJson } },
  Task: {
    fields: {
      ...{ ...common, ...io, ...transition, ...result, ...recovery },
      Resource: text,
      TimeoutSeconds: wholeNumber(1),
      TimeoutSecondsPath: jsonPath,
      HeartbeatSeconds: wholeNumber(1),
      HeartbeatSecondsPath: jsonPath,
    },
    required: ['Resource'],
    exclusive: [
      ['TimeoutSeconds', 'TimeoutSecondsPath'],
      ['HeartbeatSeconds', 'HeartbeatSecondsPath'],
    ],
  },
  Wait: {
    fields: {
      ...{ ...common, ...io, ...transition },
      Seconds: wholeNumber(0),
      SecondsPath: jsonPath,
      Timestamp: timestamp,
      TimestampPath: jsonPath,
    },
    exclusive: [['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath']],
  },
  Choice: { fields: { ...common, ...io, Choices: choices, Default: text }, required: ['Choices'] },
  Succeed: { fields: { ...common, ...io } },
  Fail: {
    fields: { ...common, Error: text, ErrorPath: expression, Cause: text, CausePath: expression },
    exclusive: [
      ['Error', 'ErrorPath'],
      ['Cause', 'CausePath'],
    ],
  },
  Parallel: {
    fields: { ...common, ...io, ...transition, ...result, ...recovery, Branches: branches },
    required: ['Branches'],
  },
};

/** Checks one state; the scopes inside a Parallel are checked by whoever checks scopes. */
export function checkState(state: Json, path: string, problems: ProblemList): void {
  if (!isJsonObject(state)) {
    note(problems, 'schema', path, 'Expected value of type Object');
    return;
  }
  const type = state['Type'];
  if (type === undefined) note(problems, 'schema', path, 'These fields are required: [Type]');
  if (type === 'Map') unsupported(problems, at(path, 'Type'), 'The state type Map');
  const shape = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (shape === undefined) {
    if (type !== undefined && type !== 'Map') common.Type(type, at(path, 'Type'), problems);
    return;
  }
  if (usesJsonata(state)) {
    unsupported(problems, at(path, 'QueryLanguage'), 'The query language JSONata');
    return;
  }
  checkObject(state, shape, path, problems);
  if (shape.fields['Next'] !== undefined) checkTransition(state, path, problems);
  if (type === 'Task') checkTask(state, path, problems);
  if (type === 'Wait') checkWait(state, path, problems);
}

export function usesJsonata(stateOrMachine: JsonObject): boolean {
  return stateOrMachine['QueryLanguage'] === 'JSONata';
}

export function queryLanguage(value: Json, path: string, problems: ProblemList): void {
  oneOf('JSONPath', 'JSONata')(value, path, problems);
}

function branches(value: Json, path: string, problems: ProblemList): void {
  if (!Array.isArray(value)) note(problems, 'schema', path, 'Expected value of type Array');
  else if (value.length === 0) note(problems, 'schema', path, 'Value cannot be empty');
}

function checkTransition(state: JsonObject, path: string, problems: ProblemList): void {
  const { Next: next, End: end } = state;
  if (next !== undefined && end !== undefined) {
    note(problems, 'schema', path, `You cannot specify both 'Next' and 'End'`);
  } else if (next === undefined && end !== true) {
    note(problems, 'schema', path, `A state must have either 'Next' or 'End': true`);
  }
}

function checkWait(state: JsonObject, path: string, problems: ProblemList): void {
  const fields = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];
  if (fields.some((field) => state[field] !== undefined)) return;
  note(problems, 'schema', path, `One of these fields is required: [${fields.join(', ')}]`);
}

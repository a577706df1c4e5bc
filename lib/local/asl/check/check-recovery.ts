/** Checks of `Retry` and `Catch`. */
import type { Json, JsonObject } from '../../../json.ts';
import { isJsonObject } from '../../../json.ts';
import type { FieldCheck } from './check-fields.ts';
import { numberFrom, oneOf, referencePathOrNull, text, wholeNumber } from './check-fields.ts';
import type { ObjectShape } from './check-object.ts';
import { checkObject } from './check-object.ts';
import type { ProblemList } from './problem-list.ts';
import { at, note } from './problem-list.ts';

/** AWS takes no longer delay than a leap year. */
const delaySecondsMax = 31_622_400;

const retrier: ObjectShape = {
  fields: {
    Comment: text,
    ErrorEquals: errorNames,
    IntervalSeconds: wholeNumber(1),
    MaxAttempts: wholeNumber(0),
    BackoffRate: numberFrom(1),
    MaxDelaySeconds: wholeNumber(1, delaySecondsMax - 1),
    JitterStrategy: oneOf('FULL', 'NONE'),
  },
  required: ['ErrorEquals'],
};

const catcher: ObjectShape = {
  fields: {
    Comment: text,
    ErrorEquals: errorNames,
    Next: text,
    ResultPath: referencePathOrNull,
  },
  required: ['ErrorEquals', 'Next'],
};

export const retry: FieldCheck = (value, path, problems) => {
  for (const [index, item] of checkList(value, retrier, path, problems).entries()) {
    const { IntervalSeconds: interval = 1, MaxDelaySeconds: delayMax } = item;
    if (typeof interval !== 'number' || typeof delayMax !== 'number' || delayMax > interval)
      continue;
    const place = at(`${path}[${index}]`, 'MaxDelaySeconds');
    note(problems, 'schema', place, `'MaxDelaySeconds' must be greater than 'IntervalSeconds'`);
  }
};

export const catchers: FieldCheck = (value, path, problems) => {
  checkList(value, catcher, path, problems);
};

function checkList(
  value: Json,
  shape: ObjectShape,
  path: string,
  problems: ProblemList,
): readonly JsonObject[] {
  if (!Array.isArray(value)) {
    note(problems, 'schema', path, 'Expected value of type Array');
    return [];
  }
  const items: readonly Json[] = value;
  for (const [index, item] of items.entries()) {
    const place = `${path}[${index}]`;
    if (!isJsonObject(item)) {
      note(problems, 'schema', place, 'Expected value of type Object');
      continue;
    }
    checkObject(item, shape, place, problems);
    checkWildcard(item, index === items.length - 1, at(place, 'ErrorEquals'), problems);
  }
  return items.filter(isJsonObject);
}

function errorNames(value: Json, path: string, problems: ProblemList): void {
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string')) {
    note(problems, 'schema', path, 'Expected an array of strings');
  } else if (value.length === 0) {
    note(problems, 'schema', path, 'Value cannot be empty');
  }
}

function checkWildcard(
  item: JsonObject,
  isLast: boolean,
  path: string,
  problems: ProblemList,
): void {
  const names = item['ErrorEquals'];
  if (!Array.isArray(names) || !names.includes('States.ALL')) return;
  if (names.length > 1) {
    note(problems, 'schema', path, `'States.ALL' can not be specified with other errors`);
  }
  if (!isLast) note(problems, 'schema', path, `'States.ALL' can only be specified in the last one`);
}

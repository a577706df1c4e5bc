/**
 * Checks what comes from outside before anything is read or written: ids are present, not blank and short enough for a key, data
 * is small enough for a row. All problems of a request are told at once.
 */
import { idBytes, idBytesMax } from '../journey/id-size.ts';
import { isPlainJson } from '../journey/plain-json.ts';
import { isJsonObject } from '../json.ts';
import { KalciferError, type Problem } from '../kalcifer-error.ts';

/** What one instance may carry along: its entry event and its context (semantics 7.12.2). */
const dataBytesMax = 128 * 1024;

/** Levels of lists and objects: a row of the table has 32, and keeps data a few levels down. */
const dataDepthMax = 20;
const notPlain = `must be JSON with at most ${dataDepthMax} levels`;

type Field = readonly [name: string, value: unknown];

/** @throws KalciferError `input.invalid` */
export function checkEvent(request: {
  readonly tenant: unknown;
  readonly customer: unknown;
  readonly type: unknown;
  readonly id?: unknown;
  readonly data?: unknown;
}): void {
  const { tenant, customer, type, id, data } = request;
  refuseIf([
    ...ids([
      ['tenant', tenant],
      ['customer', customer],
      ['type', type],
    ]),
    ...optionalIds([['id', id]]),
    ...dataProblems('data', data),
  ]);
}

interface EnrolmentInput {
  readonly tenant: unknown;
  readonly journey: unknown;
  readonly customer: unknown;
  readonly entry?: unknown;
  readonly context?: unknown;
  readonly id?: unknown;
}

/** @throws KalciferError `input.invalid` */
export function checkEnrolment(request: EnrolmentInput): void {
  refuseIf(enrolmentProblems(request));
}

export function enrolmentProblems(request: EnrolmentInput): readonly Problem[] {
  const { tenant, journey, customer, entry, context, id } = request;
  return [
    ...ids([
      ['tenant', tenant],
      ['journey', journey],
      ['customer', customer],
    ]),
    ...optionalIds([
      ['entry', entry],
      ['id', id],
    ]),
    ...dataProblems('context', context),
  ];
}

/** @throws KalciferError `input.invalid` when what was merged into the profile makes it larger or deeper than a row may be */
export function checkProfile(profile: object): void {
  // Properties and preferences are one level down.
  if (!isPlainJson(profile, dataDepthMax + 1)) refuseIf([problem('', `the profile ${notPlain}`)]);
  const isTooLarge = byteLength(JSON.stringify(profile)) > dataBytesMax;
  if (isTooLarge) refuseIf([problem('', `the profile would be larger than ${dataBytesMax} bytes`)]);
}

/** @throws KalciferError `input.invalid` */
export function checkIds(fields: Readonly<Record<string, unknown>>): void {
  refuseIf(ids(Object.entries(fields)));
}

/** A draft need not be a graph yet. @throws KalciferError `input.invalid` when it is deeper than a row may be */
export function checkDraft(graph: unknown): void {
  if (isPlainJson(graph, draftDepthMax)) return;
  refuseIf([problem('graph', `graph must be JSON with at most ${draftDepthMax} levels`)]);
}

const draftDepthMax = 28;

function refuseIf(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const message = problems.map((problem) => problem.message).join('; ');
  throw new KalciferError('input.invalid', `${message}.`, { problems });
}

function ids(fields: readonly Field[]): readonly Problem[] {
  return fields.flatMap(([name, value]) => {
    const wrong = idProblem(value);
    return wrong === undefined ? [] : [problem(name, `${name} ${wrong}`)];
  });
}

function optionalIds(fields: readonly Field[]): readonly Problem[] {
  return ids(fields.filter(([, value]) => value !== undefined));
}

/** What is wrong with an id, in words that follow its name: `is blank`. */
export function idProblem(value: unknown): string | undefined {
  if (value === undefined || value === null) return 'is missing';
  if (typeof value !== 'string') return 'must be a text';
  if (value.trim() === '') return 'is blank';
  if (controlCharacter.test(value)) return 'contains a control character';
  if (!value.isWellFormed()) return 'is not valid Unicode';
  if (idBytes(value) > idBytesMax) {
    const count = byteLength(value) > idBytesMax ? '' : ', as "#" and "%" count three';
    return `is longer than ${idBytesMax} bytes${count}`;
  }
  return undefined;
}

const controlCharacter = /\p{Cc}/u;

function dataProblems(name: string, value: unknown): readonly Problem[] {
  if (value === undefined) return [];
  if (!isJsonObject(value)) return [problem(name, `${name} must be an object`)];
  if (!isPlainJson(value, dataDepthMax)) return [problem(name, `${name} ${notPlain}`)];
  if (byteLength(JSON.stringify(value)) > dataBytesMax) {
    return [problem(name, `${name} is larger than ${dataBytesMax} bytes`)];
  }
  return [];
}

function problem(path: string, message: string): Problem {
  return { code: 'input.field', ...(path === '' ? {} : { path }), message };
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/**
 * Refuses calls that no table can answer (`table.misuse`), before anything is read or written: the same sizes and counts on
 * every adapter, so that what works on one machine works on AWS.
 */
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import type {
  IndexQuery,
  Item,
  Key,
  PartitionQuery,
  Write,
  WriteGroup,
} from '../../ports/table.ts';

/** Bytes of UTF-8 in a partition key, a sort key or an index value. */
const keyBytesMax = 512;
/** DynamoDB's TransactWriteItems takes no more. */
const writesMax = 100;
/** Items of one page. */
const pageMax = 1_000;

export function checkKey(key: Key): void {
  if (!isPlainKey(key.pk) || !isPlainKey(key.sk)) refuse('get', keyProblems(key, ''));
}

/** `keysArePlain`: the caller has seen that `isPlainKey` holds for all keys. */
export function checkGroup(group: WriteGroup, keysArePlain = false): void {
  const { writes } = group;
  const problems: Problem[] = [];
  if (writes.length < 1 || writes.length > writesMax) {
    problems.push(
      problem('writes', `must be 1 to ${writesMax} writes, but there are ${writes.length}`),
    );
  }
  for (let at = 0; at < writes.length; at += 1) {
    const write = writes[at] as Write;
    if (!keysArePlain) problems.push(...keyProblems(keyOf(write), `writes[${at}].`));
    if ('put' in write) checkItem(write.put, at, problems);
    checkDifferent(writes, at, problems);
  }
  refuse(`group ${group.name}`, problems);
}

/** True for almost every key: short ASCII without zero bytes. It is right, and needs no counting or escaping. */
export function isPlainKey(text: unknown): text is string {
  if (typeof text !== 'string' || text === '' || text.length > keyBytesMax) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f || code === 0) return false;
  }
  return true;
}

export function checkPartitionQuery(query: PartitionQuery): void {
  const problems = [...limitProblems(query.limit)];
  if (!isPlainKey(query.pk)) problems.push(...textProblems(query.pk, 'pk'));
  for (const field of ['prefix', 'after', 'below'] as const) {
    const text = query[field];
    if (text !== undefined && text !== '' && !isPlainKey(text))
      problems.push(...textProblems(text, field));
  }
  refuse('query', problems);
}

export function checkIndexQuery(query: IndexQuery): void {
  const problems = [...textProblems(query.index, 'index'), ...limitProblems(query.limit)];
  if (query.after !== undefined) problems.push(...keyProblems(query.after, 'after.'));
  refuse('index query', problems);
}

/** For what only shows while an item is taken apart: a value that is not JSON. */
export function notJson(field: string, why: string): KalciferError {
  return misuse('write', [problem(field, why)]);
}

function checkItem({ index, revision, expiresAt }: Item, at: number, problems: Problem[]): void {
  if (index !== undefined && !isPlainKey(index)) {
    problems.push(...textProblems(index, `writes[${at}].put.index`));
  }
  if (revision !== undefined && !Number.isSafeInteger(revision)) {
    problems.push(problem(`writes[${at}].put.revision`, 'must be a whole number'));
  }
  if (expiresAt !== undefined && !Number.isFinite(expiresAt)) {
    problems.push(problem(`writes[${at}].put.expiresAt`, 'must be a number of epoch seconds'));
  }
}

function checkDifferent(writes: readonly Write[], at: number, problems: Problem[]): void {
  const { pk, sk } = keyOf(writes[at] as Write);
  for (let other = 0; other < at; other += 1) {
    const earlier = keyOf(writes[other] as Write);
    if (earlier.sk === sk && earlier.pk === pk) {
      problems.push(
        problem(`writes[${at}]`, `has the same key as writes[${other}]; put both changes in one`),
      );
    }
  }
}

export function keyOf(write: Write): Key {
  return 'put' in write ? write.put : 'delete' in write ? write.delete : write.check;
}

function keyProblems(key: Key, place: string): Problem[] {
  return [...textProblems(key.pk, `${place}pk`), ...textProblems(key.sk, `${place}sk`)];
}

const loneSurrogate = /\p{Cs}/u;

function textProblems(text: unknown, path: string): Problem[] {
  if (typeof text !== 'string') return [problem(path, 'must be a string')];
  if (loneSurrogate.test(text)) return [problem(path, 'must be well-formed Unicode')];
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes >= 1 && bytes <= keyBytesMax) return [];
  return [problem(path, `must be 1 to ${keyBytesMax} bytes of UTF-8, but it is ${bytes}`)];
}

function limitProblems(limit: number): Problem[] {
  if (Number.isInteger(limit) && limit >= 1 && limit <= pageMax) return [];
  return [problem('limit', `must be a whole number from 1 to ${pageMax}, but it is ${limit}`)];
}

function problem(path: string, message: string): Problem {
  return { code: 'table.misuse', message, path };
}

function refuse(call: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw misuse(call, problems);
}

function misuse(call: string, problems: readonly Problem[]): KalciferError {
  const list = problems.map(({ path, message }) => `${path ?? ''} ${message}`).join('; ');
  return new KalciferError('table.misuse', `The table refuses the ${call}: ${list}.`, { problems });
}

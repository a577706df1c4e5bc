/**
 * The frames of the commit log: one batch each, with its number and a checksum, so that a frame that was being written when the
 * power went is recognised and left out.
 *
 * Layout: 4 bytes of mark, 4 of length, 6 of number, 8 of checksum, then the changes: tree, key and value, one after the other.
 */
import { createHash } from 'node:crypto';
import { reserve, type ByteSink } from './byte-sink.ts';
import { createChanges, treeNames, type Changes, type TreeName } from './changes.ts';
import { lengthSize, readLength, sizeOfLength, writeLength } from './length-prefix.ts';

export interface LogFrame {
  /** Number of the batch. */
  readonly number: number;
  readonly changes: Changes;
  /** Where the next frame begins. */
  readonly end: number;
}

/** Every frame begins with it: `KLO1`. */
export const frameMark = Buffer.from('KLO1', 'latin1');
const lengthAt = 4;
const numberAt = 8;
const numberBytes = 6;
const checksumAt = numberAt + numberBytes;
const checksumBytes = 8;
const headerBytes = checksumAt + checksumBytes;

/** Replaces what is in the sink by the frame of the batch. */
export function encodeFrame(number: number, changes: Changes, sink: ByteSink): void {
  sink.length = 0;
  reserve(sink, headerBytes);
  sink.length = headerBytes;
  for (const [tree, name] of treeNames.entries()) {
    for (const [key, value] of changes[name]) encodeChange(tree, key, value, sink);
  }
  const frame = sink.bytes.subarray(0, sink.length);
  frameMark.copy(frame);
  frame.writeUInt32BE(sink.length - headerBytes, lengthAt);
  frame.writeUIntBE(number, numberAt, numberBytes);
  checksumOf(frame).copy(frame, checksumAt);
}

/** The frame that begins here; undefined when there is none, or not all of it. */
export function decodeFrame(log: Buffer, start: number): LogFrame | undefined {
  if (start + headerBytes > log.length || !startsWithMark(log, start)) return undefined;
  const end = start + headerBytes + log.readUInt32BE(start + lengthAt);
  if (end > log.length) return undefined;
  const frame = log.subarray(start, end);
  const checksum = frame.subarray(checksumAt, headerBytes);
  if (!checksumOf(frame).equals(checksum)) return undefined;
  const number = frame.readUIntBE(numberAt, numberBytes);
  return { number, changes: decodeChanges(frame.subarray(headerBytes)), end };
}

function startsWithMark(log: Buffer, start: number): boolean {
  return log.readUInt32BE(start) === frameMark.readUInt32BE(0);
}

/** Over everything in the frame but the checksum itself. */
function checksumOf(frame: Buffer): Buffer {
  return createHash('sha256')
    .update(frame.subarray(lengthAt, checksumAt))
    .update(frame.subarray(headerBytes))
    .digest()
    .subarray(0, checksumBytes);
}

/** The length of a value is written as one more than it is; 0 says that the key was removed. */
function encodeChange(tree: number, key: string, value: Buffer | undefined, sink: ByteSink): void {
  const valueLength = value?.length ?? 0;
  const valueMark = value === undefined ? 0 : valueLength + 1;
  reserve(sink, 1 + sizeOfLength(key.length) + key.length + sizeOfLength(valueMark) + valueLength);
  const { bytes } = sink;
  bytes[sink.length] = tree;
  let at = writeLength(bytes, sink.length + 1, key.length);
  for (let i = 0; i < key.length; i += 1) bytes[at + i] = key.charCodeAt(i);
  at = writeLength(bytes, at + key.length, valueMark);
  if (value !== undefined) bytes.set(value, at);
  sink.length = at + valueLength;
}

function decodeChanges(payload: Buffer): Changes {
  const changes = createChanges();
  for (let at = 0; at < payload.length;) {
    const tree = treeNames[payload[at] as number] as TreeName;
    const keyStart = at + 1 + lengthSize(payload, at + 1);
    const keyEnd = keyStart + readLength(payload, at + 1);
    const valueMark = readLength(payload, keyEnd);
    const valueStart = keyEnd + lengthSize(payload, keyEnd);
    at = valueStart + Math.max(valueMark - 1, 0);
    const value = valueMark === 0 ? undefined : payload.subarray(valueStart, at);
    changes[tree].set(payload.toString('latin1', keyStart, keyEnd), value);
  }
  return changes;
}

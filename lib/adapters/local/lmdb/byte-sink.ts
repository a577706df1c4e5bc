/** A growing run of bytes that values are encoded into one after the other. */
export interface ByteSink {
  bytes: Buffer;
  /** How much of `bytes` is in use; set it to 0 to start again. */
  length: number;
}

const initialBytes = 4_096;

export function createByteSink(): ByteSink {
  return { bytes: Buffer.allocUnsafeSlow(initialBytes), length: 0 };
}

/** Makes room for `count` more bytes; `bytes` may be another buffer afterwards, with the same content. */
export function reserve(sink: ByteSink, count: number): void {
  const needed = sink.length + count;
  if (needed <= sink.bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(needed, sink.bytes.length * 2));
  larger.set(sink.bytes.subarray(0, sink.length));
  sink.bytes = larger;
}

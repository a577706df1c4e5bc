/**
 * How rows of history travel through a queue: many in one message, because a queue is paid by the message. What comes out of a queue
 * is checked row by row, so that one that nobody can read keeps no other from being recorded.
 */
import { z } from 'zod';
import { isDeeperThan, messageDepthMax } from './json.ts';
import { historyKinds, type HistoryRow } from './ports/history-sink.ts';
import { queueText } from './queue-text.ts';

/** Half of a character is a text of JavaScript, but none of ClickHouse. */
const text = z.string().refine((value) => value.isWellFormed());
const wholeNumber = z.int().nonnegative();
/** Before the end of the year 2299: what lies behind it, no figure counts. */
const instant = wholeNumber.max(10_413_791_998_999);

/** The bounds are those of the columns that rows end in. */
const rowSchema = z.object({
  eventId: z.guid(),
  kind: z.enum(historyKinds),
  tenant: text.min(1),
  journey: text.min(1),
  version: wholeNumber.max(0xffff_ffff),
  instance: text.min(1),
  customer: text,
  at: instant,
  node: text.exactOptional(),
  nodeType: text.exactOptional(),
  branch: text.exactOptional(),
  status: text.exactOptional(),
  reason: text.exactOptional(),
  startedAt: instant.exactOptional(),
  channel: text.exactOptional(),
  provider: text.exactOptional(),
  attempts: wholeNumber.max(0xffff).exactOptional(),
  name: text.exactOptional(),
  value: z.number().exactOptional(),
  epoch: wholeNumber.max(0xffff_ffff).exactOptional(),
}) satisfies z.ZodType<HistoryRow>;

const messageSchema = z.object({ schema: z.literal(1), rows: z.array(z.unknown()) });

/** A message that holds the most rows and is still paid as one: queues count in pieces of 64 KB. */
const messageBytesMax = 60_000;

/** The texts of as many messages as the rows need; in each as many rows as have room. */
export function writeHistoryMessages(rows: readonly unknown[]): readonly string[] {
  const messages: string[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const written = queueText(JSON.stringify(row));
    const size = Buffer.byteLength(written) + 1;
    if (bytes + size > messageBytesMax) {
      messages.push([]);
      bytes = 0;
    }
    messages.at(-1)?.push(written);
    bytes += size;
  }
  return messages.map((written) => `{"schema":1,"rows":[${written.join(',')}]}`);
}

export interface ReadMessage {
  readonly rows: readonly HistoryRow[];
  /** As they stood in the message. */
  readonly unreadable: readonly unknown[];
}

/** Undefined when the text is no message of rows at all, or one of a later release. */
export function readHistoryMessage(message: string): ReadMessage | undefined {
  const parsed = messageSchema.safeParse(parseJson(message));
  if (!parsed.success) return undefined;
  const rows: HistoryRow[] = [];
  const unreadable: unknown[] = [];
  for (const candidate of parsed.data.rows) {
    const row = rowSchema.safeParse(candidate);
    if (row.success) rows.push(row.data);
    else unreadable.push(candidate);
  }
  return { rows, unreadable };
}

function parseJson(given: string): unknown {
  try {
    const parsed: unknown = JSON.parse(given);
    return isDeeperThan(messageDepthMax, parsed) ? undefined : parsed;
  } catch {
    return undefined;
  }
}

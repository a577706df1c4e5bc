/**
 * Records the rows of a batch of messages: all of them in one insert. ClickHouse being away is nobody's fault and sends the messages
 * back to their queue; what can never be recorded goes to the dead letters, row by row, and holds up nothing else.
 */
import { readHistoryMessage, writeHistoryMessages } from '../history-message.ts';
import { isKalciferError, type KalciferError } from '../kalcifer-error.ts';
import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';
import type { HistoryRow } from '../ports/history-sink.ts';
import type { HistoryWriter } from './history-writer.ts';

export interface RowMessage {
  readonly id: string;
  readonly body: string;
}

export interface Recorded {
  /** Rows that are in ClickHouse now; some may have been there before. */
  readonly rows: number;
  /** Messages and single rows that went to the dead letters. */
  readonly dead: number;
  /** Ids of the messages that have to come again. */
  readonly again: readonly string[];
  /** Why they have to. */
  readonly trouble?: KalciferError;
}

/** Where rows go. */
export interface Recording {
  readonly writer: HistoryWriter;
  readonly deadLetters: DeadLetters;
}

/** A message that comes again may be recorded already, wholly or in part: it counts once. */
export async function recordMessages(
  { writer, deadLetters }: Recording,
  messages: readonly RowMessage[],
): Promise<Recorded> {
  const origins = new Map<HistoryRow, string>();
  const letters: (DeadLetter & { readonly origin: string })[] = [];
  for (const { id, body } of messages) {
    const read = readHistoryMessage(body);
    if (read === undefined) letters.push({ origin: id, body, why: 'history.message_unreadable' });
    for (const row of read?.rows ?? []) origins.set(row, id);
    for (const row of read?.unreadable ?? []) {
      letters.push({ origin: id, ...letterOf(row, 'history.row_unreadable') });
    }
  }
  const rows = [...origins.keys()];
  try {
    for (const { row, why } of await writer.write(rows)) {
      letters.push({
        origin: origins.get(row) ?? '',
        ...letterOf(row, `history.row_refused: ${why}`),
      });
      origins.delete(row);
    }
  } catch (error) {
    return comeAgain(
      error,
      messages.map(({ id }) => id),
    );
  }
  const recorded = { rows: origins.size, dead: letters.length };
  if (letters.length === 0) return { ...recorded, again: [] };
  try {
    // Only after the insert: while ClickHouse is away messages come again and again, and each letter should be put once.
    await deadLetters.put(letters.map(({ body, why }) => ({ body, why })));
    return { ...recorded, again: [] };
  } catch (error) {
    const origin = new Set(letters.map((letter) => letter.origin));
    return { ...comeAgain(error, [...origin]), rows: recorded.rows };
  }
}

function comeAgain(error: unknown, again: readonly string[]): Recorded {
  if (!isKalciferError(error)) throw error;
  return { rows: 0, dead: 0, again, trouble: error };
}

/** A message of this row alone: it can be put back into the queue as it is. */
function letterOf(row: unknown, why: string): DeadLetter {
  const [body = ''] = writeHistoryMessages([row]);
  return { body, why };
}

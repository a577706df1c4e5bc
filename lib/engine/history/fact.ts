/**
 * A fact: a row of history as far as one row of the table tells it. A step knows its instance, but not whose it is; a delivery
 * report not even of which version its step was.
 */
import { createHash } from 'node:crypto';
import type { HistoryKind, HistoryRow } from '../../ports/history-sink.ts';

/** What one row may leave open. */
type Open = 'journey' | 'version' | 'customer';

export type Fact = Omit<HistoryRow, Open> & Partial<Pick<HistoryRow, Open>>;

export interface FactOf {
  readonly tenant: string;
  readonly instance: string;
  readonly node?: string;
  readonly kind: HistoryKind;
  /** Tells facts apart that one instance and node may have several of. */
  readonly which?: string | number;
}

/**
 * The id of a fact follows from what it is about and from nothing else (semantics 3.5): not from when it was told, nor from how the
 * row looks by then. A node runs once per instance, so its facts need no epoch.
 */
export function factId({ tenant, instance, node = '', kind, which = '' }: FactOf): string {
  const facts = JSON.stringify([tenant, instance, node, kind, which]);
  const bytes = createHash('sha256').update(facts).digest().subarray(0, 16);
  // Version 8 of a UUID is for ids that are made in one's own way.
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x80;
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/**
 * What validation asks of a node type. The catalogue's node types have this shape; it is stated here so that the rules of a
 * graph know no node type by name.
 */
import type { z } from 'zod';
import type { Problem } from '../kalcifer-error.ts';
import type { Rule } from './rule.ts';

export interface NodeShape {
  readonly type: string;
  readonly category: 'entry' | 'channel' | 'logic' | 'data' | 'exit';
  readonly config: z.ZodType<never>;
  readonly validate?: (config: never) => readonly Pick<Problem, 'message' | 'hint'>[];
  readonly branches?: (config: never) => readonly string[];
  readonly ends?: (config: never) => boolean;
  readonly entry?: (config: never) => EntryShape;
  readonly parking?: (config: never) => ParkingShape;
  /** Present when it sends a message. */
  readonly sends?: (config: never) => unknown;
  /** The segment that it asks for, other than an entry. */
  readonly segment?: (config: never) => string;
}

export type EntryShape =
  | { readonly kind: 'event'; readonly eventType: string; readonly filter?: Rule }
  | { readonly kind: 'webhook'; readonly path: string }
  | { readonly kind: 'segment'; readonly segment: string; readonly schedule?: string };

export type ParkingShape =
  { readonly kind: 'fixed'; readonly durationMs: number } | { readonly kind: 'computed' };

/** By type name. */
export type NodeShapes = ReadonlyMap<string, NodeShape>;

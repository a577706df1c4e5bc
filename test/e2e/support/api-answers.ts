/** What the API answers, as far as tests look into it. */
import type { JsonObject } from '../../../lib/json.ts';

export interface ApiInstance {
  readonly id: string;
  readonly journey: string;
  readonly version: number;
  readonly customer_id: string;
  readonly status: string;
  readonly exit_reason?: string;
  readonly positions: readonly string[];
  readonly deadlines: Readonly<Record<string, string>>;
  readonly entered_at: string;
  readonly completed_at?: string;
}

export interface ApiTimeline {
  readonly instance: ApiInstance;
  readonly steps: readonly {
    readonly node: string;
    readonly type: string;
    readonly status: string;
    readonly branch?: string;
    readonly result?: JsonObject;
    readonly reason: string;
    readonly notes: readonly string[];
    readonly version: number;
    readonly started_at: string;
    readonly ended_at?: string;
    readonly conversion?: {
      readonly name: string;
      readonly value?: number;
      readonly metadata?: JsonObject;
    };
  }[];
}

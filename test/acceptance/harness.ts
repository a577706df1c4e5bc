/**
 * What acceptance scenarios are written against: the verbs of a journey engine, whatever runs it. Each runtime opens it in its own
 * way, so that one text of a scenario holds for all of them.
 */
import type { Testkit } from '../../lib/testkit/testkit.ts';

export type Harness = Pick<
  Testkit,
  | 'publish'
  | 'customer'
  | 'enroll'
  | 'event'
  | 'instance'
  | 'instances'
  | 'steps'
  | 'conversions'
  | 'pause'
  | 'resume'
  | 'cancel'
> & {
  /** Lets everything run that is due. */
  settle(): Promise<void>;
  /** Lets time pass; on a runtime with real time, only short durations are possible. */
  advance(duration: string): Promise<void>;
  sends(): Promise<readonly SentMessage[]> | readonly SentMessage[];
  close(): Promise<void>;
};

interface SentMessage {
  readonly tenant: string;
  readonly customer: string;
  readonly channel: string;
  readonly to: string;
  readonly template?: string;
  readonly instance: string;
  readonly node: string;
  readonly key: string;
}

export type OpenHarness = () => Promise<Harness>;

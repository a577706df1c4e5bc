/**
 * What acceptance scenarios are written against: the verbs of a journey engine, whatever runs it. Each runtime opens it in its own
 * way, so that one text of a scenario holds for all of them.
 */
import type { InstanceView, Testkit } from '../../lib/testkit/testkit.ts';

export type Harness = Pick<
  Testkit,
  | 'publish'
  | 'customer'
  | 'enroll'
  | 'event'
  | 'instances'
  | 'steps'
  | 'conversions'
  | 'pause'
  | 'resume'
  | 'cancel'
> & {
  instance(id: string): Promise<Omit<InstanceView, 'epoch' | 'accumulated'>>;
  /** Lets everything run that is due. */
  settle(): Promise<void>;
  /** Lets time pass. Where time is real, seconds really pass; of anything longer only a moment does, in which nothing may happen. */
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

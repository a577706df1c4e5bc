/** How the contract suite of executions gets something to start, and looks at what became of it. */
import { test } from 'vitest';
import type { Json } from '../../lib/json.ts';
import type { Executions, MachineRef } from '../../lib/ports/executions.ts';

export interface OpenedExecutions {
  readonly executions: Executions;
  /**
   * One task that parks, with its answer under `$.answer`; a failure is caught under `$.error`, a timeout after three seconds under
   * `$.late`. Then the execution ends with what it has.
   */
  readonly asking: MachineRef;
  /** A machine that was never made. */
  readonly missing: MachineRef;
  /** The token that the execution's task is given first; waits for it. */
  tokenOf(name: string): Promise<string>;
  /** How many tokens the execution's task is given, when nothing more can come. */
  countTokens(name: string): Promise<number>;
  /** What the execution ended with, when it has ended; `stopped` for one that was ended from outside. */
  outcomeOf(name: string): Promise<Outcome>;
  /** Until the execution has ended by itself. */
  passTimeout(): Promise<void>;
  close(): Promise<void>;
}

export type Outcome = { readonly output: Json } | 'running' | 'stopped';

export interface ExecutionsSubject {
  open(): Promise<OpenedExecutions>;
  /** Tests that this adapter cannot pass here, by name, and why: a deviation of an emulator from AWS. */
  readonly deviations?: Readonly<Record<string, string>>;
}

/** A test with executions of its own, under names that nobody else uses. */
export function testExecutions(
  subject: ExecutionsSubject,
  name: string,
  body: (opened: OpenedExecutions) => Promise<void>,
): void {
  const deviation = subject.deviations?.[name];
  if (deviation !== undefined) {
    test.skip(`${name} (not here: ${deviation})`, () => undefined);
    return;
  }
  test(name, async () => {
    const opened = await subject.open();
    try {
      await body(opened);
    } finally {
      await opened.close();
    }
  });
}

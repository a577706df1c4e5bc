/**
 * The circuit breaker: spares a provider that keeps failing, and whoever waits for it. There is one circuit per tenant, channel
 * and provider, so one tenant's trouble never holds back another's messages. It is kept in the memory of the process: each process
 * learns by itself, and a new one begins by trying.
 */
import type { Clock } from '../../ports/clock.ts';

export interface Circuit {
  readonly tenant: string;
  readonly channel: string;
  readonly provider: string;
}

export interface CircuitBreaker {
  /**
   * Whether the provider may be called now. While it is spared: no; when that time is over, one caller may try, and the others
   * wait for what it finds. Who was admitted tells what came of it.
   */
  admit(circuit: Circuit): boolean;
  /** `answered`: whatever it said. `failed`: it was too busy, broke off, or said nothing. */
  tell(circuit: Circuit, outcome: 'answered' | 'failed'): void;
}

/** Failures in a row after which a provider is spared. */
export const failuresMax = 10;

/** How long it is spared before somebody tries again. */
export const sparedMs = 30_000;

interface Trouble {
  readonly failures: number;
  /** Epoch milliseconds; present once the failures are too many. */
  readonly sparedUntil?: number;
  /** Somebody is trying. */
  readonly probing: boolean;
}

export function circuitBreaker(clock: Clock): CircuitBreaker {
  /** Only circuits in trouble are remembered. */
  const troubles = new Map<string, Trouble>();
  return {
    admit: (circuit) => {
      const key = keyOf(circuit);
      const trouble = troubles.get(key);
      if (trouble?.sparedUntil === undefined) return true;
      if (trouble.probing || clock.now() < trouble.sparedUntil) return false;
      troubles.set(key, { ...trouble, probing: true });
      return true;
    },
    tell: (circuit, outcome) => {
      const key = keyOf(circuit);
      if (outcome === 'answered') {
        troubles.delete(key);
        return;
      }
      const failures = (troubles.get(key)?.failures ?? 0) + 1;
      troubles.set(key, {
        failures,
        probing: false,
        ...(failures < failuresMax ? {} : { sparedUntil: clock.now() + sparedMs }),
      });
    },
  };
}

function keyOf({ tenant, channel, provider }: Circuit): string {
  return JSON.stringify([tenant, channel, provider]);
}

/** How simulated customers behave: stated probabilities, decided by a seeded chance, so that a run can be repeated. */
import type { Chance } from '../../lib/ports/chance.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const behaviour = {
  /** Customers sign up evenly over the first days. */
  signUpDays: 7,
  /** Chance that a mail is ever opened, by template. */
  opens: { welcome: 0.45, 'welcome-reminder': 0.3 } as Readonly<Record<string, number>>,
  /** Half of those who open do so within this time; later openings thin out. */
  openHalfLifeMs: 18 * hourMs,
} as const;

/** Milliseconds after the start at which a customer signs up. */
export function signUpAfter(chance: Chance): number {
  return Math.floor(chance.next() * behaviour.signUpDays * dayMs);
}

/** Milliseconds after sending at which the mail is opened, or undefined when it never is. */
export function opensAfter(template: string, chance: Chance): number | undefined {
  const likely = behaviour.opens[template] ?? 0;
  if (chance.next() >= likely) return undefined;
  const halfLives = -Math.log2(1 - chance.next());
  return Math.max(1, Math.round(halfLives * behaviour.openHalfLifeMs));
}

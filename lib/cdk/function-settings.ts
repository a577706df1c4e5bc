/** The environment of a function, by the names that both sides take from `lib/deployment.ts`. */
import { setting } from '../deployment.ts';

export type Settings = Partial<Record<keyof typeof setting, string>>;

export function environmentOf(settings: Settings): Record<string, string> {
  const given = Object.entries(settings) as [keyof typeof setting, string][];
  return Object.fromEntries(given.map(([name, value]) => [setting[name], value]));
}

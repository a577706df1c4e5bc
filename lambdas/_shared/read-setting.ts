/** Settings of a function: its environment variables, by the names that the deployment uses. */
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { setting } from '../../lib/deployment.ts';

type Name = keyof typeof setting;

/** Undefined when it is not set, or set to nothing. */
export function findSetting(name: Name): string | undefined {
  const value = process.env[setting[name]];
  return value === '' ? undefined : value;
}

/** @throws KalciferError `deployment.setting_missing` */
export function readSetting(name: Name): string {
  const value = findSetting(name);
  if (value !== undefined) return value;
  throw new KalciferError(
    'deployment.setting_missing',
    `The environment variable ${setting[name]} is not set; the deployment sets it.`,
  );
}

/**
 * The exit watch: how an event or a change of the profile finds the instances that it may take out (semantics 3.3, 7.9). Its rows are
 * written with the instance and deleted with its end; they only lead to the instance, whose row decides.
 */
import type { ExitPlan } from '../../journey/exit-criteria.ts';
import type { Item, Key, Write } from '../../ports/table.ts';
import type { ExitWatch, Instance } from './instance.ts';
import { keyParts, keys } from './keys.ts';

/** What the criteria of a version are watched by; undefined when nothing but the steps themselves can make them true. */
export function exitWatchFor({ eventTypes, roots }: ExitPlan): ExitWatch | undefined {
  const profile = roots.has('customer');
  return eventTypes.length > 0 || profile ? { eventTypes, profile } : undefined;
}

export function registerExitWatch(instance: Instance): readonly Write[] {
  return watchKeys(instance).map((key) => ({ put: { ...key } }));
}

export function unregisterExitWatch(instance: Instance): readonly Write[] {
  return watchKeys(instance).map((key) => ({ delete: key }));
}

/** Among the registrations for a type of event, the watch has no node; it stands before the waits of its instance. */
export function isExitWatch({ node }: { readonly node: string }): boolean {
  return node === '';
}

/** Id of the instance that watches the profile. */
export function profileWatcherOf(item: Item): string {
  const [, instance = ''] = keyParts(item.sk);
  return instance;
}

function watchKeys({ tenant, customer, id, exitWatch }: Instance): readonly Key[] {
  if (exitWatch === undefined) return [];
  return [
    ...exitWatch.eventTypes.map((eventType) =>
      keys.wait({ tenant, customer, eventType, instance: id, node: '' }),
    ),
    ...(exitWatch.profile ? [keys.profileWatch(tenant, customer, id)] : []),
  ];
}

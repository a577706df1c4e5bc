/**
 * The wait registration: how an event of a customer finds the waits for it. It only leads to the instance, whose row decides;
 * a registration without an open wait is harmless.
 */
import type { Item, Key, Write } from '../../ports/table.ts';
import type { Instance, OpenWait } from './instance.ts';
import { keyParts, keys } from './keys.ts';

export interface WaitRegistration {
  readonly instance: string;
  readonly node: string;
}

export function waitRegistrationOf(item: Item): WaitRegistration {
  const [, , instance, node] = keyParts(item.sk);
  return { instance, node } as WaitRegistration;
}

export function registerWait(instance: Instance, node: string, wait: OpenWait): readonly Write[] {
  const key = registrationKey(instance, node, wait);
  return key === undefined ? [] : [{ put: { ...key } }];
}

export function unregisterWait(instance: Instance, node: string, wait: OpenWait): readonly Write[] {
  const key = registrationKey(instance, node, wait);
  return key === undefined ? [] : [{ delete: key }];
}

/** Every registration of the instance goes: it has ended. */
export function unregisterAllWaits(instance: Instance): readonly Write[] {
  return instance.tokens.flatMap((token) =>
    token.wait === undefined ? [] : unregisterWait(instance, token.node, token.wait),
  );
}

/** Only event waits are registered: nothing but time ends the others. */
function registrationKey(instance: Instance, node: string, wait: OpenWait): Key | undefined {
  if (wait.eventType === undefined) return undefined;
  const { tenant, customer, id } = instance;
  return keys.wait({ tenant, customer, eventType: wait.eventType, instance: id, node });
}

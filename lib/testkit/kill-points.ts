/**
 * The points at which a process may be made to die: before and after every group of writes, and around the call of a provider.
 * Before: nothing of the group is stored. After: all of it is, and nobody has heard of it.
 */

/** Groups of writes in the order in which a customer's way meets them. */
const writeGroups = [
  'journey.draft',
  'journey.publish',
  'profile.save',
  'event.receive',
  'instance.enrol',
  'execution.start',
  'step.finish',
  'execution.move',
  'send.claim',
  'send.release',
  'send.record',
  'wait.register',
  'wait.reattach',
  'execution.park',
  'event.claim',
  'event.finish',
  'execution.wake',
  'instance.reseat',
  'instance.end',
  'instance.fail',
  'instance.cancel',
  'execution.stop',
  'execution.end',
  'promise.keep',
] as const;

export const killPointNames: readonly string[] = [
  ...writeGroups.slice(0, writeGroups.indexOf('send.claim') + 1).flatMap(aroundGroup),
  'provider.call:before',
  'provider.call:after',
  ...writeGroups.slice(writeGroups.indexOf('send.claim') + 1).flatMap(aroundGroup),
];

function aroundGroup(group: string): readonly string[] {
  return [`${group}:before`, `${group}:after`];
}

/**
 * The points at which a process may be made to die: before and after every group of writes, and around the call of a provider.
 * Before: nothing of the group is stored. After: all of it is, and nobody has heard of it.
 */

/** Groups of writes in the order in which a customer's way meets them. */
const groupsUntilSend = [
  'journey.draft',
  'journey.publish',
  'journey.change',
  'journey.delete',
  'segment.save',
  'profile.save',
  'admission.finish',
  'schedule.claim',
  'segment.look',
  'template.save',
  'caps.save',
  'event.receive',
  'instance.enrol',
  'execution.start',
  'step.finish',
  'execution.keep',
  'send.claim',
];

const groupsAfterSend = [
  'send.release',
  'send.record',
  'join.wait',
  'wait.register',
  'wait.reattach',
  'event.claim',
  'event.hold',
  'event.finish',
  'execution.timer',
  'instance.reseat',
  'instance.end',
  'instance.fail',
  'instance.exit',
  'instance.pause',
  'gate.park',
  'instance.resume',
  'instance.cancel',
  'step.retry',
  'promise.keep',
];

export const killPointNames: readonly string[] = [
  ...groupsUntilSend.flatMap(around),
  ...around('provider.call'),
  ...groupsAfterSend.flatMap(around),
];

function around(name: string): readonly string[] {
  return [`${name}:before`, `${name}:after`];
}

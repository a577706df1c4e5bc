/** The life of a journey: what may be done to it in which status, and what that leads to (semantics 3.2). */
export type JourneyStatus = 'draft' | 'active' | 'paused' | 'archived';

/** Publishing is no command: it makes a draft active and leaves an active or paused journey what it is. */
export type JourneyCommand = 'pause' | 'resume' | 'archive' | 'delete';

/** The status after the command, `deleted`, or undefined when the status does not know the command. */
export function journeyAfter(
  status: JourneyStatus,
  command: JourneyCommand,
): JourneyStatus | 'deleted' | undefined {
  return transitions[status][command];
}

type Row = Readonly<Partial<Record<JourneyCommand, JourneyStatus | 'deleted'>>>;

const transitions: Readonly<Record<JourneyStatus, Row>> = {
  draft: { delete: 'deleted' },
  active: { pause: 'paused', archive: 'archived' },
  paused: { resume: 'active', archive: 'archived' },
  archived: {},
};

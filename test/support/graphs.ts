/** Journeys that tests start from, as an operator would draw them. Each call gives a fresh one. */

export interface DrawnJson {
  nodes: { id: string; type: string; config?: Record<string, unknown> }[];
  edges: { id?: string; source: string; target: string; branch?: string }[];
  exit_criteria?: unknown;
  frequency_cap?: unknown;
}

/**
 * A journey in few words, for tests of single rules: nodes by id, edges as `a -> b` or `a -> b [branch]`.
 *
 * `drawGraph({ in: ['event_entry', { event_type: 'go' }], out: ['exit'] }, ['in -> out'])`
 */
export function drawGraph(
  nodes: Readonly<Record<string, readonly [type: string, config?: Record<string, unknown>]>>,
  edges: readonly string[],
): DrawnJson {
  return {
    nodes: Object.entries(nodes).map(([id, [type, config]]) => ({
      id,
      type,
      ...(config === undefined ? {} : { config }),
    })),
    edges: edges.map((text) => {
      const [, source = '', target = '', branch] =
        /^(\S+) -> (\S+)(?: \[(.+)\])?$/.exec(text) ?? [];
      if (source === '') throw new Error(`not an edge: ${text}`);
      return { source, target, ...(branch === undefined ? {} : { branch }) };
    }),
  };
}

/** Entry, then exit. */
export function simpleJourney(): DrawnJson {
  return {
    nodes: [
      { id: 'entry_1', type: 'event_entry', config: { event_type: 'signed_up' } },
      { id: 'exit_1', type: 'exit' },
    ],
    edges: [{ source: 'entry_1', target: 'exit_1' }],
  };
}

/** Welcome, then a goal when the mail is opened in time, else a reminder. */
export function simpleEmailJourney({ timeout = '3d' } = {}): DrawnJson {
  return {
    nodes: [
      { id: 'entry_1', type: 'event_entry', config: { event_type: 'signed_up' } },
      { id: 'email_1', type: 'send_email', config: { template_id: 'welcome' } },
      {
        id: 'wait_1',
        type: 'wait_for_event',
        config: { event_type: 'email_opened', timeout },
      },
      { id: 'goal_1', type: 'goal_reached', config: { goal_name: 'activated' } },
      { id: 'email_2', type: 'send_email', config: { template_id: 'reminder' } },
      { id: 'exit_1', type: 'exit' },
    ],
    edges: [
      { source: 'entry_1', target: 'email_1' },
      { source: 'email_1', target: 'wait_1' },
      { source: 'wait_1', target: 'goal_1', branch: 'event_received' },
      { source: 'wait_1', target: 'email_2', branch: 'timed_out' },
      { source: 'email_2', target: 'exit_1' },
    ],
  };
}

/** A tag after a fixed time. */
export function waitJourney({ duration = '1d' } = {}): DrawnJson {
  return {
    nodes: [
      { id: 'entry_1', type: 'event_entry', config: { event_type: 'signed_up' } },
      { id: 'wait_1', type: 'wait', config: { duration } },
      { id: 'tag_1', type: 'add_tag', config: { tag: 'waited' } },
      { id: 'exit_1', type: 'exit' },
    ],
    edges: [
      { source: 'entry_1', target: 'wait_1' },
      { source: 'wait_1', target: 'tag_1' },
      { source: 'tag_1', target: 'exit_1' },
    ],
  };
}

/** One mail for customers who do something in time, another for those who do not. */
export function waitForEventJourney({ timeout = '3d' } = {}): DrawnJson {
  return {
    nodes: [
      { id: 'entry_1', type: 'event_entry', config: { event_type: 'signed_up' } },
      { id: 'wait_1', type: 'wait_for_event', config: { event_type: 'email_opened', timeout } },
      {
        id: 'engaged_email',
        type: 'send_email',
        config: { subject: 'Thank you', body: 'Good to see you, {{ customer.name }}.' },
      },
      {
        id: 'timeout_email',
        type: 'send_email',
        config: { subject: 'Still there?', body: 'We miss you, {{ customer.name }}.' },
      },
      { id: 'exit_1', type: 'exit' },
    ],
    edges: [
      { source: 'entry_1', target: 'wait_1' },
      { source: 'wait_1', target: 'engaged_email', branch: 'event_received' },
      { source: 'wait_1', target: 'timeout_email', branch: 'timed_out' },
      { source: 'engaged_email', target: 'exit_1' },
      { source: 'timeout_email', target: 'exit_1' },
    ],
  };
}

/** Two entries, each with its own first step, that meet in a wait (acceptance scenario S5). */
export function twoEntriesJourney(): DrawnJson {
  return {
    nodes: [
      { id: 'in_a', type: 'event_entry', config: { event_type: 'signed_up' } },
      { id: 'in_b', type: 'webhook_entry', config: { webhook_path: '/b' } },
      { id: 'tag_a', type: 'add_tag', config: { tag: 'a' } },
      { id: 'tag_b', type: 'add_tag', config: { tag: 'b' } },
      { id: 'wait_1', type: 'wait', config: { duration: '1d' } },
      { id: 'exit_1', type: 'exit' },
    ],
    edges: [
      { source: 'in_a', target: 'tag_a' },
      { source: 'in_b', target: 'tag_b' },
      { source: 'tag_a', target: 'wait_1' },
      { source: 'tag_b', target: 'wait_1' },
      { source: 'wait_1', target: 'exit_1' },
    ],
  };
}

/** Two independent splits, one after the other (acceptance scenario S19). */
export function twoSplitsJourney(): DrawnJson {
  return {
    nodes: [
      { id: 'entry_1', type: 'event_entry', config: { event_type: 'go' } },
      {
        id: 's1',
        type: 'ab_split',
        config: {
          variants: [
            { key: 'a', weight: 70 },
            { key: 'b', weight: 30 },
          ],
        },
      },
      { id: 'ta', type: 'add_tag', config: { tag: 's1a' } },
      { id: 'tb', type: 'add_tag', config: { tag: 's1b' } },
      {
        id: 's2',
        type: 'ab_split',
        config: {
          variants: [
            { key: 'x', weight: 1 },
            { key: 'y', weight: 1 },
          ],
        },
      },
      { id: 'tx', type: 'add_tag', config: { tag: 's2x' } },
      { id: 'ty', type: 'add_tag', config: { tag: 's2y' } },
      { id: 'exit_1', type: 'exit' },
    ],
    edges: [
      { source: 'entry_1', target: 's1' },
      { source: 's1', target: 'ta', branch: 'a' },
      { source: 's1', target: 'tb', branch: 'b' },
      { source: 'ta', target: 's2' },
      { source: 'tb', target: 's2' },
      { source: 's2', target: 'tx', branch: 'x' },
      { source: 's2', target: 'ty', branch: 'y' },
      { source: 'tx', target: 'exit_1' },
      { source: 'ty', target: 'exit_1' },
    ],
  };
}

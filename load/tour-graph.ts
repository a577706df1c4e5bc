/** A journey through a node of every type, in one row. The id of each node is its type. */
const configs: Readonly<Record<string, object>> = {
  event_entry: { event_type: 'toured' },
  condition: { field: 'customer.properties.plan', value: 'pro' },
  ab_split: {
    variants: [
      { key: 'a', weight: 1 },
      { key: 'b', weight: 1 },
    ],
  },
  frequency_cap: { channel: 'sms', max_messages: 10, time_window: '1d' },
  preference_gate: { channel: 'email' },
  check_segment: { segment_id: 'pro' },
  add_tag: { tag: 'toured' },
  remove_tag: { tag: 'new' },
  update_profile: { fields: { 'properties.toured': true } },
  custom_code: { source: 'return { total: 1 }' },
  track_conversion: { event_name: 'toured' },
  send_email: { template_id: 'welcome' },
  send_sms: { body: 'Hello {{ customer.name }}' },
  send_push: { body: 'Hello {{ customer.name }}' },
  send_whatsapp: { body: 'Hello {{ customer.name }}' },
  send_in_app: { body: 'Hello {{ customer.name }}' },
  call_webhook: { url: 'https://crm.example.com/leads' },
  wait: { duration: '1h' },
  wait_until: { datetime: 'event.starts_at' },
  wait_for_event: { event_type: 'came_back', timeout: '1d' },
  goal_reached: { goal_name: 'toured', exit_after_goal: false },
  exit: {},
};

const branches: Readonly<Record<string, readonly string[]>> = {
  condition: ['true', 'false'],
  ab_split: ['a', 'b'],
  frequency_cap: ['allowed', 'capped'],
  preference_gate: ['true', 'false'],
  check_segment: ['true', 'false'],
  wait_for_event: ['event_received', 'timed_out'],
};

const types = Object.keys(configs);

export const tourGraph = {
  nodes: types.map((type) => ({ id: type, type, config: configs[type] })),
  edges: types.slice(1).flatMap((target, at) => {
    const source = types[at] ?? '';
    const labels = branches[source];
    return labels === undefined
      ? [{ source, target }]
      : labels.map((branch) => ({ source, target, branch }));
  }),
};

/** The journey whose price is published: a mail, a wait for its opening, a condition, a second mail, the goal. */
export const referenceGraph = {
  nodes: [
    { id: 'signed_up', type: 'event_entry', config: { event_type: 'signed_up' } },
    { id: 'welcome', type: 'send_email', config: { template_id: 'welcome' } },
    {
      id: 'opened',
      type: 'wait_for_event',
      config: { event_type: 'email_opened', timeout: '3d' },
    },
    {
      id: 'is_pro',
      type: 'condition',
      config: { field: 'customer.properties.plan', value: 'pro' },
    },
    { id: 'offer', type: 'send_email', config: { template_id: 'reminder' } },
    { id: 'activated', type: 'goal_reached', config: { goal_name: 'activated' } },
    { id: 'left', type: 'exit' },
  ],
  edges: [
    { source: 'signed_up', target: 'welcome' },
    { source: 'welcome', target: 'opened' },
    { source: 'opened', target: 'is_pro', branch: 'event_received' },
    { source: 'opened', target: 'left', branch: 'timed_out' },
    { source: 'is_pro', target: 'offer', branch: 'true' },
    { source: 'is_pro', target: 'left', branch: 'false' },
    { source: 'offer', target: 'activated' },
  ],
};

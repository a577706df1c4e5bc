/** The journey that is measured: the welcome series of the testing strategy. */
export const welcomeGraph = {
  nodes: [
    { id: 'entry_1', type: 'event_entry', config: { event_type: 'signed_up' } },
    { id: 'email_1', type: 'send_email', config: { template_id: 'welcome' } },
    {
      id: 'wait_1',
      type: 'wait_for_event',
      config: { event_type: 'email_opened', timeout: '3d' },
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

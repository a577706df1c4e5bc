/** The channels on which customers are reached, as journey JSON, preferences, caps and templates spell them. */

export const channelNames = ['email', 'sms', 'push', 'whatsapp', 'in_app', 'webhook'] as const;

export type ChannelName = (typeof channelNames)[number];

/**
 * What a deployment tells its functions: the environment variables that the constructs of `lib/cdk` set and `lambdas/_shared` reads,
 * and what the custom resources that register journeys are given. Both sides take the names from here.
 */

/** Every value is a text; what is not deployed is not set. */
export const setting = {
  /** Name of the stage: part of every physical name. */
  stage: 'KALCIFER_STAGE',
  /** Release number, which the API shows. */
  release: 'KALCIFER_RELEASE',
  /** Name of the table. */
  table: 'KALCIFER_TABLE',
  /** URL of the queue that executions are started from. */
  entryQueue: 'KALCIFER_ENTRY_QUEUE',
  /** URL of the queue that history rows go to. */
  historyQueue: 'KALCIFER_HISTORY_QUEUE',
  /** URL of the queue for rows that can never be recorded, and for messages that nobody can read. */
  historyDeadLetterQueue: 'KALCIFER_HISTORY_DEAD_LETTER_QUEUE',
  /** Sender of mails that name none: an identity that SES has verified. */
  mailFrom: 'KALCIFER_MAIL_FROM',
  /** SES configuration set, where opens, clicks and bounces come back as events. */
  mailConfigurationSet: 'KALCIFER_MAIL_CONFIGURATION_SET',
  /** Phone number, pool or sender id that SMS are sent from; absent: this deployment sends none. */
  smsOrigination: 'KALCIFER_SMS_ORIGINATION',
  smsConfigurationSet: 'KALCIFER_SMS_CONFIGURATION_SET',
  /** `on` when push notifications go out through SNS platform endpoints. */
  push: 'KALCIFER_PUSH',
  /** Phone number id that WhatsApp messages are sent from; absent: this deployment sends none. */
  whatsappOrigination: 'KALCIFER_WHATSAPP_ORIGINATION',
  /** `http(s)://host:port`; absent: history is not recorded. */
  clickhouseUrl: 'KALCIFER_CLICKHOUSE_URL',
  clickhouseDatabase: 'KALCIFER_CLICKHOUSE_DATABASE',
  /** ARN of a Secrets Manager secret `{ "username", "password" }`; absent: no credentials are sent. */
  clickhouseSecret: 'KALCIFER_CLICKHOUSE_SECRET',
  /** `off` where journeys must not run JavaScript. */
  customCode: 'KALCIFER_CUSTOM_CODE',
  /** JSON: ARN by the name of the node function (`EntryFunction`), for machines that are made at run time. */
  nodeFunctions: 'KALCIFER_NODE_FUNCTIONS',
  /** Role of state machines that are made at run time. */
  machineRole: 'KALCIFER_MACHINE_ROLE',
  /** What the names of state machines begin with: `kalcifer-<stage>-`. */
  machinePrefix: 'KALCIFER_MACHINE_PREFIX',
} as const;

/** Properties of the custom resources that register journeys; CloudFormation turns numbers into texts. */
export interface RegisterProperties {
  /** Of the one that comes first, and only asks whether what was deployed before speaks against it. */
  readonly step?: 'check';
  /** Which tenants have these journeys. */
  readonly tenants: readonly string[];
  /** Every version under `statemachines/` that this deployment holds. */
  readonly versions: readonly RegisteredVersion[];
  /** Changes with the journeys and templates that are bundled with the function, so that an update is noticed. */
  readonly content: string;
  /** API keys that the API's usage plans know: their values are read where they are kept, never passed. */
  readonly apiKeys: readonly { readonly tenant: string; readonly keyId: string }[];
}

interface RegisteredVersion {
  readonly journey: string;
  readonly version: number | string;
  readonly machineArn: string;
}

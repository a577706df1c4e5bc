/** Every node type there is, by the name that journey JSON uses. A type that is not here does not exist. */
import { abSplit } from './ab-split.ts';
import { addTag } from './add-tag.ts';
import { checkSegment } from './check-segment.ts';
import { callWebhook } from './call-webhook.ts';
import { condition } from './condition.ts';
import { customCode } from './custom-code.ts';
import { eventEntry } from './event-entry.ts';
import { exit } from './exit.ts';
import { frequencyCap } from './frequency-cap.ts';
import { goalReached } from './goal-reached.ts';
import type { NodeType } from './node-type.ts';
import { preferenceGate } from './preference-gate.ts';
import { removeTag } from './remove-tag.ts';
import { segmentEntry } from './segment-entry.ts';
import { sendEmail } from './send-email.ts';
import { sendInApp } from './send-in-app.ts';
import { sendPush } from './send-push.ts';
import { sendSms } from './send-sms.ts';
import { sendWhatsapp } from './send-whatsapp.ts';
import { trackConversion } from './track-conversion.ts';
import { updateProfile } from './update-profile.ts';
import { waitForEvent } from './wait-for-event.ts';
import { waitUntil } from './wait-until.ts';
import { wait } from './wait.ts';
import { webhookEntry } from './webhook-entry.ts';

export const nodeTypes: ReadonlyMap<string, NodeType> = new Map(
  [
    eventEntry,
    webhookEntry,
    segmentEntry,
    sendEmail,
    sendSms,
    sendPush,
    sendWhatsapp,
    sendInApp,
    callWebhook,
    wait,
    waitUntil,
    waitForEvent,
    condition,
    abSplit,
    frequencyCap,
    checkSegment,
    preferenceGate,
    updateProfile,
    addTag,
    removeTag,
    customCode,
    trackConversion,
    goalReached,
    exit,
  ].map((type) => [type.type, type]),
);

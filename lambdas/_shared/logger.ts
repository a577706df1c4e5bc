/**
 * The log of all functions: one JSON object a line, at the level that POWERTOOLS_LOG_LEVEL names. Ids say what a line is about;
 * payloads, tokens and the words of strangers' errors are never in it.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { serviceName } from '../../lib/metric.ts';
import { findSetting } from './read-setting.ts';

/** The ids of what an invocation, or a line, is about. */
export interface Subject {
  readonly tenant?: string | undefined;
  readonly journey?: string | undefined;
  readonly instance?: string | undefined;
  readonly node?: string | undefined;
  /** Id of the queue message. */
  readonly queue_message?: string | undefined;
}

/** The name under which logs, traces and metrics of this deployment are found. */
export const service = serviceName(findSetting('stage') ?? 'unknown');

export const logger = new Logger({ serviceName: service });

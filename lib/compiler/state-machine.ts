/**
 * The part of Amazon States Language that the compiler writes (JSONPath query language). The embedded executor runs this and
 * refuses anything else; AWS runs it as it is.
 */
import type { Json, JsonObject } from '../json.ts';

export interface StateMachine {
  readonly Comment: string;
  readonly StartAt: string;
  readonly States: States;
}

export type State = TaskState | ChoiceState | ParallelState | PassState | EndState;

export type States = Readonly<Record<string, State>>;

export interface TaskState {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly Parameters: JsonObject;
  readonly ResultSelector?: JsonObject;
  readonly ResultPath: string | null;
  readonly OutputPath?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next?: string;
  readonly End?: true;
}

export interface ChoiceState {
  readonly Type: 'Choice';
  readonly Comment?: string;
  readonly Choices: readonly (ChoiceRule & { readonly Next: string })[];
  readonly Default?: string;
}

export type ChoiceRule =
  | Comparison
  | { readonly Or: readonly Comparison[] }
  | { readonly And: readonly (Comparison | { readonly Or: readonly Comparison[] })[] };

type Comparison =
  | { readonly Variable: string; readonly StringEquals: string }
  | { readonly Variable: string; readonly IsPresent: boolean };

/** Its result is the list of what its branches put out. */
export interface ParallelState {
  readonly Type: 'Parallel';
  readonly Comment?: string;
  readonly Parameters: JsonObject;
  readonly Branches: readonly { readonly StartAt: string; readonly States: States }[];
  readonly ResultPath: string;
  readonly Catch?: readonly Catcher[];
  readonly Next: string;
}

interface PassState {
  readonly Type: 'Pass';
  readonly Comment?: string;
  readonly Result?: Json;
  readonly ResultPath?: string;
  readonly OutputPath?: string;
  readonly Next?: string;
  readonly End?: true;
}

type EndState =
  | { readonly Type: 'Succeed'; readonly Comment?: string }
  | {
      readonly Type: 'Fail';
      readonly Comment?: string;
      readonly Error: string;
      readonly Cause: string;
    };

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string | null;
  readonly Next: string;
}

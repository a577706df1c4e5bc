/** Intrinsic functions in payload templates: a call is checked and bound once, then run at each visit. */
import type { Json } from '../../json.ts';
import type { Evaluation, Resolver } from './evaluation.ts';
import { failEvaluation } from './evaluation.ts';
import type { IntrinsicArgument, IntrinsicCall } from './intrinsic-call.ts';
import { parseIntrinsic } from './intrinsic-call.ts';
import type { IntrinsicFunction } from './intrinsic-function.ts';
import { listFunctions } from './intrinsic-lists.ts';
import { numberFunctions } from './intrinsic-numbers.ts';
import { textFunctions } from './intrinsic-texts.ts';
import { readPath } from './path-resolver.ts';

const functions: Readonly<Record<string, IntrinsicFunction>> = {
  ...listFunctions,
  ...textFunctions,
  ...numberFunctions,
};

/** Answers `undefined` when the text is not a call of a known function with the right number of arguments. */
export function compileIntrinsic(text: string): Resolver | undefined {
  const call = parseIntrinsic(text);
  return call === undefined ? undefined : bindCall(call);
}

function bindCall(call: IntrinsicCall): Resolver | undefined {
  const called = Object.hasOwn(functions, call.name) ? functions[call.name] : undefined;
  if (called === undefined) return undefined;
  const [fewest, most] = called.arity;
  if (call.args.length < fewest || call.args.length > most) return undefined;
  const resolvers: Resolver[] = [];
  for (const argument of call.args) {
    const resolver = bindArgument(argument, call);
    if (resolver === undefined) return undefined;
    resolvers.push(resolver);
  }
  return (evaluation) => runCall(call, called, resolvers, evaluation);
}

function bindArgument(argument: IntrinsicArgument, call: IntrinsicCall): Resolver | undefined {
  if (argument.kind === 'call') return bindCall(argument);
  if (argument.kind === 'literal') {
    const value = call.name === 'Format' ? argument.value : unescapeBraces(argument.value);
    return () => value;
  }
  const { path } = argument;
  return (evaluation) =>
    readPath(path, evaluation, (document) => {
      return `The function '${call.text}' had the following error: The JsonPath argument for the field '${path.text}' could not be found in the input '${JSON.stringify(document)}'`;
    });
}

/** Only `States.Format` distinguishes escaped braces from plain ones. */
function unescapeBraces(value: Json): Json {
  return typeof value === 'string' ? value.replace(/\\([{}\\])/g, '$1') : value;
}

function runCall(
  call: IntrinsicCall,
  called: IntrinsicFunction,
  resolvers: readonly Resolver[],
  evaluation: Evaluation,
): Json | undefined {
  const args: Json[] = [];
  for (const resolve of resolvers) {
    const value = resolve(evaluation);
    if (value === undefined) return undefined;
    args.push(value);
  }
  const result = called.run(args, evaluation.chance);
  if ('value' in result) return result.value;
  failEvaluation(
    evaluation,
    `The function '${call.text}' had the following error: ${result.fault}`,
    'States.IntrinsicFailure',
  );
  return undefined;
}

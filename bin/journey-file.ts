/** Reads a journey file and checks it as publishing would: form, meaning, and what the compiler says of it. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { compileGraph } from '../lib/compiler/compile.ts';
import type { StateMachine } from '../lib/compiler/state-machine.ts';
import { quickjsCodeRunner } from '../lib/adapters/quickjs/code-runner.ts';
import { codeProblems } from '../lib/engine/journeys/code-checks.ts';
import { checkGraph } from '../lib/journey/check-graph.ts';
import type { Graph } from '../lib/journey/graph.ts';
import { summedWaits, type SummedWaits } from '../lib/journey/summed-waits.ts';
import { jsonFault } from '../lib/json-fault.ts';
import type { Problem } from '../lib/kalcifer-error.ts';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import { nodeTypes } from '../lib/nodes/catalogue.ts';

export interface CheckedFile {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** The file's text, to show the place of a problem; absent when it could not be read. */
  readonly text?: string;
  /** Present when there are no problems. */
  readonly definition?: StateMachine;
  readonly waits?: SummedWaits;
  readonly nodes?: number;
}

export async function checkJourneyFile(file: string): Promise<CheckedFile> {
  const read = await readJson(file);
  if ('problem' in read) {
    return {
      problems: [read.problem],
      warnings: [],
      ...(read.text === undefined ? {} : { text: read.text }),
    };
  }
  const { text, json } = read;
  const { graph, problems, warnings } = checkGraph(json, nodeTypes);
  if (graph === undefined) return { problems, warnings, text };
  if (problems.length > 0) return { problems, warnings, text };
  const unreadable = await unreadableCode(graph);
  if (unreadable.length > 0) return { problems: unreadable, warnings, text };
  const compiled = compileGraph(graph, nodeTypes, commentOf(file));
  if ('problems' in compiled) return { problems: compiled.problems, warnings, text };
  const { definition } = compiled;
  const waits = summedWaits(graph, nodeTypes);
  return { problems: [], warnings, text, definition, waits, nodes: graph.nodes.length };
}

async function unreadableCode(graph: Graph): Promise<readonly Problem[]> {
  const code = quickjsCodeRunner({ clock: systemClock() });
  try {
    return await codeProblems({ nodeTypes, code }, graph);
  } finally {
    await code.close();
  }
}

/** `statemachines/welcome/v1.journey.json` -> `welcome v1`, which the state machine carries as its comment. */
function commentOf(file: string): string {
  const name = basename(file).replace(/(\.journey)?\.json$/, '');
  return /^v\d+$/.test(name) ? `${basename(dirname(file))} ${name}` : name;
}

type Read =
  | { readonly text: string; readonly json: unknown }
  | { readonly problem: Problem; readonly text?: string };

async function readJson(file: string): Promise<Read> {
  let text: string;
  try {
    // Some editors begin a file with a byte order mark, which is no JSON.
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown'})`;
    return { problem: { code: 'file.unreadable', message: why } };
  }
  try {
    return { text, json: JSON.parse(text) as unknown };
  } catch {
    const message = `it is not JSON: ${jsonFault(text).what}`;
    return { text, problem: { code: 'file.not_json', message } };
  }
}

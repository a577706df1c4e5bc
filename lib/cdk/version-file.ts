/**
 * `statemachines/<journey>/vN.journey.json` and the `vN.asl.json` beside it, which is what is deployed. A machine that is not what its
 * journey compiles to is refused before anything is deployed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compileGraph, printDefinition } from '../compiler/compile.ts';
import { checkGraph } from '../journey/check-graph.ts';
import type { Graph } from '../journey/graph.ts';
import { jsonFault } from '../json-fault.ts';
import { KalciferError, type Problem } from '../kalcifer-error.ts';
import { nodeTypes } from '../nodes/catalogue.ts';

export interface VersionFile {
  readonly journey: string;
  readonly version: number;
  /** What was drawn. */
  readonly graphFile: string;
  /** What it became. */
  readonly definitionFile: string;
  /** Types of its nodes, each once. */
  readonly nodeTypes: ReadonlySet<string>;
}

/**
 * Every version of every journey in a folder, in order.
 *
 * @throws KalciferError `deployment.statemachines` with the problems of all files
 */
export function versionFiles(folder: string): readonly VersionFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  const drawn = files.filter((name) => name.endsWith('.journey.json'));
  const misplaced = drawn
    .filter((name) => name.split(/[\\/]/).length !== 2)
    .map((name) => problem(join(folder, name), 'it belongs into the folder of its journey'));
  const versions = drawn.map((name) => readVersionFile(join(folder, name)));
  const lonely = files
    .filter((name) => name.endsWith('.asl.json') && !drawn.includes(drawnNameOf(name)))
    .map((name) => problem(join(folder, name), `${basename(drawnNameOf(name))} is missing`));
  refuse([...versions.flatMap(({ problems }) => problems), ...lonely, ...misplaced]);
  return versions
    .flatMap(({ version }) => (version === undefined ? [] : [version]))
    .toSorted(inOrder);
}

/** @throws KalciferError `deployment.statemachines` */
export function versionFile(graphFile: string): VersionFile {
  const { version, problems } = readVersionFile(graphFile);
  refuse(problems);
  if (version === undefined) throw new Error(`${graphFile} has neither problems nor a version`);
  return version;
}

interface Read {
  readonly version?: VersionFile;
  readonly problems: readonly Problem[];
}

function readVersionFile(graphFile: string): Read {
  const number = /^v([1-9]\d*)\.journey\.json$/.exec(basename(graphFile))?.[1];
  if (number === undefined) {
    return {
      problems: [problem(graphFile, 'a version is named v1.journey.json, v2.journey.json')],
    };
  }
  const named = {
    journey: basename(dirname(graphFile)),
    version: Number(number),
    graphFile,
    definitionFile: graphFile.replace(/\.journey\.json$/, '.asl.json'),
  };
  const checked = checkVersion(named);
  if ('problems' in checked) return checked;
  const types = new Set(checked.graph.nodes.map(({ type }) => type));
  return { version: { ...named, nodeTypes: types }, problems: [] };
}

function checkVersion({
  graphFile,
  definitionFile,
  journey,
  version,
}: Omit<VersionFile, 'nodeTypes'>): { readonly graph: Graph } | { readonly problems: Problem[] } {
  const drawn = readGraph(graphFile);
  if ('problem' in drawn) return { problems: [drawn.problem] };
  const { graph, problems } = checkGraph(drawn.json, nodeTypes);
  if (graph === undefined || problems.length > 0) {
    return { problems: problems.map((one) => within(graphFile, one)) };
  }
  const compiled = compileGraph(graph, nodeTypes, `${journey} v${version}`);
  if ('problems' in compiled) {
    return { problems: compiled.problems.map((one) => within(graphFile, one)) };
  }
  const committed = existsSync(definitionFile) ? readFileSync(definitionFile, 'utf8') : undefined;
  if (committed === printDefinition(compiled.definition)) return { graph };
  const what =
    committed === undefined ? 'it is missing' : `it is not what ${basename(graphFile)} compiles to`;
  return { problems: [problem(definitionFile, `${what}: run "npm run statemachines" and commit`)] };
}

function readGraph(file: string): { readonly json: unknown } | { readonly problem: Problem } {
  // Some editors begin a file with a byte order mark, which is no JSON.
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { problem: problem(file, `it is not JSON: ${jsonFault(text).what}`) };
  }
}

function drawnNameOf(name: string): string {
  return name.replace(/\.asl\.json$/, '.journey.json');
}

function within(file: string, { code, message, node, edge, path }: Problem): Problem {
  const place = node ?? edge ?? path;
  return { code, message: `${file}${place === undefined ? '' : ` (${place})`}: ${message}` };
}

function problem(file: string, what: string): Problem {
  return { code: 'deployment.statemachine', message: `${file}: ${what}` };
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new KalciferError(
    'deployment.statemachines',
    ['State machines cannot be deployed:', ...problems.map(({ message }) => `- ${message}`)].join(
      '\n',
    ),
    { problems },
  );
}

function inOrder(a: VersionFile, b: VersionFile): number {
  if (a.journey !== b.journey) return a.journey < b.journey ? -1 : 1;
  return a.version - b.version;
}

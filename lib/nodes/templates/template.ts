/**
 * Templates: Liquid texts over the facts of an instance. What a person wrote is checked when it is published; rendering never
 * fails for want of a fact, it leaves the place empty and says so.
 */
import { Output, type Template as Piece } from 'liquidjs';
import { factRoots } from '../../journey/rule.ts';
import { isPlainJson } from '../../journey/plain-json.ts';
import type { Json } from '../../json.ts';
import { liquid, renderedCharactersMax, runLiquid, type LiquidRun } from './liquid-engine.ts';

export type Rendered =
  | {
      readonly text: string;
      /** Paths that were put out but are not set, each once. */
      readonly missing: readonly string[];
    }
  /** The template went over a limit, or a filter could not work with a value. */
  | { readonly problem: string };

export type RenderedValue =
  { readonly value: Json; readonly missing: readonly string[] } | { readonly problem: string };

/**
 * Renders a text. `Hi {{ customer.name | default: "you" }}!` -> `Hi Ada!`
 *
 * @param run `escapeHtml` for the bodies of e-mails, and only for them
 */
export function renderText(template: string, run: LiquidRun): Rendered {
  if (isPlain(template)) return { text: template, missing: [] };
  return render(template, run, ({ text, missing }) => ({ text, missing }));
}

/**
 * Renders a value: a template that is one output and nothing else keeps the type of what it puts out, so that a number stays a
 * number. `{{ event.score }}` -> `42`, `{{ event.score }} points` -> `"42 points"`. A value that is not set is an empty text.
 */
export function renderValue(template: string, run: Omit<LiquidRun, 'escapeHtml'>): RenderedValue {
  if (isPlain(template)) return { value: template, missing: [] };
  return render(template, { ...run, escapeHtml: false }, ({ text, lastValue, missing, pieces }) => {
    const [only, ...others] = pieces;
    const keepsType = only instanceof Output && others.length === 0 && lastValue !== null;
    return {
      value: keepsType && isPlainJson(lastValue, valueDepthMax) ? lastValue : text,
      missing,
    };
  });
}

/** What is wrong with a template, in words that follow its name; empty when it can be published. */
export function templateProblems(template: string): readonly string[] {
  const parsed = parse(template);
  if ('problem' in parsed) return [parsed.problem];
  return Object.entries(parsed.roots)
    .filter(([root]) => !factRoots.some((known) => known === root))
    .map(
      ([root, row]) =>
        `reads "${root}" on line ${row}, but there are only ${factRoots.map((known) => `${known}.*`).join(', ')}`,
    );
}

/** Which facts the template reads: `customer`, `event` ...; empty when it cannot be parsed. */
export function templateRoots(template: string): ReadonlySet<string> {
  const parsed = parse(template);
  return new Set('problem' in parsed ? [] : Object.keys(parsed.roots));
}

const valueDepthMax = 20;

function isPlain(template: string): boolean {
  return !template.includes('{{') && !template.includes('{%');
}

type Parsed =
  | {
      readonly pieces: Piece[];
      /** First names of the variables that the template itself does not define -> a line where each is read. */
      readonly roots: Readonly<Record<string, number>>;
    }
  | { readonly problem: string };

function render<Result>(
  template: string,
  run: LiquidRun,
  use: (result: ReturnType<typeof runLiquid> & { readonly pieces: readonly Piece[] }) => Result,
): Result | { readonly problem: string } {
  const parsed = parse(template);
  if ('problem' in parsed) return parsed;
  try {
    return use({ ...runLiquid(parsed.pieces, run), pieces: parsed.pieces });
  } catch (error) {
    return { problem: `cannot be rendered: ${lineFirst(error)}` };
  }
}

/** Parsed templates by their text: a journey renders the same few for each customer. The oldest makes room. */
const cache = new Map<string, Parsed>();
const cachedTemplatesMax = 500;
/** Longer templates are parsed each time, so that the cache stays small whatever is put in. */
const cachedCharactersMax = 65_536;

function parse(template: string): Parsed {
  const known = cache.get(template);
  if (known !== undefined) return known;
  const parsed = parseAfresh(template);
  if (template.length <= cachedCharactersMax) {
    const [oldest] = cache.size < cachedTemplatesMax ? [] : cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(template, parsed);
  }
  return parsed;
}

function parseAfresh(template: string): Parsed {
  if (template.length > renderedCharactersMax) {
    return { problem: `must not be longer than ${renderedCharactersMax} characters` };
  }
  try {
    const pieces = liquid.parse(template);
    const { globals } = liquid.analyzeSync(pieces, { partials: false });
    const roots = Object.entries(globals).map(([root, uses]) => [root, uses[0]?.location.row ?? 1]);
    return { pieces, roots: Object.fromEntries(roots) as Record<string, number> };
  } catch (error) {
    return { problem: `is not a template: ${lineFirst(error)}` };
  }
}

/** `undefined filter: shout, line:2, col:1` -> `line 2: undefined filter: shout` */
function lineFirst(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const placed = /^([^]*), line:(\d+), col:\d+$/.exec(message);
  return placed === null ? message : `line ${placed[2] ?? ''}: ${placed[1] ?? ''}`;
}

/**
 * Liquid, set up so that a template can only turn facts into text: no files, no chance, no clock but the one it is given, no
 * property that the facts themselves do not carry, and limits that depend on the template alone and never on the speed of the
 * machine.
 */
import {
  CaptureTag,
  Context,
  Drop,
  filters,
  Liquid,
  toValue,
  toValueSync,
  type Emitter,
  type FilterImplOptions,
  type Template,
} from 'liquidjs';
import { parseInstant } from '../../journey/instant.ts';
import { strftime } from './strftime.ts';
import { timeZone } from './time-zone.ts';

export interface LiquidRun {
  /** What `customer`, `event`, `context` and `accumulated` stand for. */
  readonly facts: object;
  /** Epoch milliseconds; what `'now'` stands for. */
  readonly now: number;
  /** Escapes every output for HTML, unless the template says `raw`. */
  readonly escapeHtml: boolean;
}

export interface LiquidResult {
  readonly text: string;
  /** What the last piece of the template put out, before it became text. */
  readonly lastValue: unknown;
  /** Variables that were put out but are not set. */
  readonly missing: readonly string[];
}

/** Longer results are refused: no channel takes them. In UTF-16 units, as are all lengths here. */
export const renderedCharactersMax = 262_144;

/** Pieces of a template that may be rendered in one run, loops included. */
export const renderedPiecesMax = 50_000;

/** What filters may build on the way, by liquidjs' own count of characters and list entries. */
const intermediateSizeMax = 4 * renderedCharactersMax;

/** Throws liquidjs' errors, and plain ones when a limit is passed. */
export function runLiquid(templates: Template[], run: LiquidRun): LiquidResult {
  const context = new RenderContext(run);
  const emitter = new LimitedEmitter();
  toValueSync(liquid.renderer.renderTemplates(templates, context, emitter));
  return { text: emitter.buffer, lastValue: emitter.last, missing: [...context.missing] };
}

/** Collects the text, up to the limit. */
class LimitedEmitter implements Emitter {
  buffer = '';
  last: unknown;

  write(value: unknown): void {
    const text = textOf(value);
    if (this.buffer.length + text.length > renderedCharactersMax) {
      throw new Error(`the text is longer than ${renderedCharactersMax} characters`);
    }
    this.buffer += text;
    this.last = value;
  }
}

/**
 * Notices which variables are put out although they are not set. A variable that is only asked for (`if`, `default`) is not
 * missed: liquidjs announces each piece of the template through `renderLimit` before rendering it, so what is unset when a
 * piece puts something out was read by this very piece.
 */
class RenderContext extends Context {
  readonly missing = new Set<string>();
  readonly run: LiquidRun;
  private unset: string[] = [];
  private pieces = 0;

  constructor(run: LiquidRun) {
    // A copy, because counters (`increment`) are kept among the facts.
    super({ ...run.facts }, liquid.options, { sync: true }, { liquid });
    this.run = run;
    const beforeEachPiece = { check: () => this.beginPiece(), use: () => undefined };
    this.renderLimit = beforeEachPiece as unknown as Context['renderLimit'];
  }

  override *_get(paths: Parameters<Context['_get']>[0]): IterableIterator<unknown> {
    const value: unknown = yield super._get(paths);
    if (value === undefined || value === null) this.unset.push(paths.map(String).join('.'));
    return value;
  }

  /** What was unset has been replaced. */
  forgive(): void {
    this.unset = [];
  }

  /** What is unset becomes part of the text. */
  miss(): void {
    for (const path of this.unset) this.missing.add(path);
    this.unset = [];
  }

  private beginPiece(): void {
    this.forgive();
    this.pieces += 1;
    if (this.pieces > renderedPiecesMax) {
      throw new Error(`rendering takes more than ${renderedPiecesMax} steps`);
    }
  }
}

/** Captured text whose outputs are escaped already. */
class Markup extends Drop {
  private readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override valueOf(): string {
    return this.text;
  }
}

/** As Liquid's own, within the limit on text. */
class LimitedCapture extends CaptureTag {
  override *render(context: Context): Generator<unknown, void, string> {
    const emitter = new LimitedEmitter();
    yield this.liquid.renderer.renderTemplates(this.templates, context, emitter);
    context.bottom()[this.variable] = new Markup(emitter.buffer);
  }
}

interface FilterThis {
  readonly context: Context;
}

function runOf({ context }: FilterThis): RenderContext {
  if (context instanceof RenderContext) return context;
  throw new Error('a template was rendered outside runLiquid');
}

/** Stands at the end of every output that does not end in a filter marked `raw`. */
function putOut(this: FilterThis, value: unknown): unknown {
  const context = runOf(this);
  context.miss();
  if (!context.run.escapeHtml || value instanceof Markup) return value;
  return escapeHtml(textOf(value));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character);
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** As Liquid prints values, but objects as JSON. */
function textOf(input: unknown): string {
  const value: unknown = toValue(input);
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join('');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function liquidFilter(
  name: keyof typeof filters,
): (this: FilterThis, ...args: unknown[]) => unknown {
  return filters[name] as unknown as (this: FilterThis, ...args: unknown[]) => unknown;
}

/** A last filter that says itself how its value goes into the text. */
function rawFilter(handle: (this: FilterThis, value: unknown) => unknown): FilterImplOptions {
  return {
    raw: true,
    handler(this: FilterThis, value: unknown): unknown {
      runOf(this).miss();
      return handle.call(this, value);
    },
  };
}

function date(this: FilterThis, value: unknown, format?: unknown, zone?: unknown): unknown {
  const instant = instantOf(toValue(value), runOf(this).run.now);
  if (instant === undefined) return value;
  const pattern = format === undefined || format === null ? defaultDateFormat : textOf(format);
  return strftime(instant, pattern, timeZone(zone));
}

const defaultDateFormat = '%A, %B %-e, %Y at %-l:%M %P %z';

/** A time without a zone is one in UTC; numbers are epoch seconds, as everywhere in Liquid. */
function instantOf(value: unknown, now: number): number | undefined {
  if (value === 'now' || value === 'today') return now;
  if (typeof value === 'number') return value * 1_000;
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,12}$/.test(value)) return Number(value) * 1_000;
  const [, day = '', time = 'T00:00', zone = 'Z'] = looseInstant.exec(value) ?? [];
  return parseInstant(`${day}${time.replace(' ', 'T')}${zone}`);
}

const looseInstant = /^(\d{4}-\d{2}-\d{2})([T ][\d:.]+)? ?(Z|[+-]\d{2}:?\d{2})?$/;

function makeLiquid(): Liquid {
  const engine = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    jsTruthy: false,
    timezoneOffset: 0,
    locale: 'en-US',
    memoryLimit: intermediateSizeMax,
    outputEscape: putOut as (value: unknown) => string,
  });
  for (const tag of ['include', 'render', 'layout', 'block'])
    Reflect.deleteProperty(engine.tags, tag);
  for (const filter of withheldFilters) engine.unregisterFilter(filter);
  engine.registerTag('capture', LimitedCapture);
  engine.registerFilter('date', date);
  engine.registerFilter(
    'raw',
    rawFilter((value) => value),
  );
  engine.registerFilter('escape', rawFilter(liquidFilter('escape')));
  engine.registerFilter('escape_once', rawFilter(liquidFilter('escape_once')));
  engine.registerFilter('default', function (this: FilterThis, ...args: unknown[]): unknown {
    const value = liquidFilter('default').apply(this, args);
    if (textOf(value) !== '') runOf(this).forgive();
    return value;
  });
  return engine;
}

/** Filters that ask the machine for chance, its clock or its time zone, or that evaluate outside our limits. */
const withheldFilters = [
  'where_exp',
  'reject_exp',
  'group_by_exp',
  'has_exp',
  'find_exp',
  'find_index_exp',
  'sample',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
];

export const liquid = makeLiquid();

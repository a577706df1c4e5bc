/**
 * The tags that a mail carries through SES, and that come back with every event about it. A tag is made of letters, digits, `_` and
 * `-` and has at most 256 characters; ids may be any text, so those that do not fit are spelled in a way that can be read back.
 */

/** Whose mail it is, and where it was sent from. */
export interface MailIds {
  readonly tenant: string;
  readonly journey: string;
  readonly instance: string;
  readonly node: string;
}

/** Names of the tags. */
export const mailTag = {
  tenant: 'kalcifer_tenant',
  journey: 'kalcifer_journey',
  instance: 'kalcifer_instance',
  node: 'kalcifer_node',
} as const satisfies Record<keyof MailIds, string>;

/** By name. An id that is too long for a tag, which no id of a published journey is, goes without one. */
export function mailTagsOf(ids: MailIds): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const tag = encodeTag(ids[field]);
      return tag === undefined ? [] : [[mailTag[field], tag]];
    }),
  );
}

/**
 * @param tags as SES tells them: `{ "kalcifer_node": ["welcome_email"], "ses:from-domain": ["example.com"] }`
 * @returns undefined when the mail is not one of ours
 */
export function idsInMailTags(tags: unknown): MailIds | undefined {
  if (typeof tags !== 'object' || tags === null) return undefined;
  const values = tags as Readonly<Record<string, unknown>>;
  const ids = fields.flatMap((field) => {
    const name = mailTag[field];
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const [first] = Array.isArray(value) ? (value as readonly unknown[]) : [];
    const id = typeof first === 'string' ? decodeTag(first) : undefined;
    return id === undefined ? [] : [[field, id] as const];
  });
  return ids.length === fields.length ? (Object.fromEntries(ids) as unknown as MailIds) : undefined;
}

const fields = Object.keys(mailTag) as readonly (keyof MailIds)[];

const tagCharactersMax = 256;

/** Most ids are their own tags: `welcome_email`. */
const plain = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/**
 * Marks of the two spellings; no plain tag begins with one. UTF-8 is shorter for most texts. UTF-16 is shorter for the longest ids
 * of some scripts, and can spell text that is not well formed.
 */
const marks = { utf8: '_', utf16: '-' } as const;

/** `welcome_email` -> `welcome_email`, `a/b` -> `_YS9i`; undefined for a text that does not fit in any spelling. */
export function encodeTag(id: string): string | undefined {
  if (plain.test(id)) return id.length <= tagCharactersMax ? id : undefined;
  const utf8 = marks.utf8 + Buffer.from(id, 'utf8').toString('base64url');
  if (utf8.length <= tagCharactersMax && id.isWellFormed()) return utf8;
  const utf16 = marks.utf16 + Buffer.from(id, 'utf16le').toString('base64url');
  return utf16.length <= tagCharactersMax ? utf16 : undefined;
}

/** Undefined for a tag that `encodeTag` never gave. */
export function decodeTag(tag: string): string | undefined {
  const id = spelledIn(tag);
  return encodeTag(id) === tag ? id : undefined;
}

function spelledIn(tag: string): string {
  const rest = Buffer.from(tag.slice(1), 'base64url');
  if (tag.startsWith(marks.utf8)) return rest.toString('utf8');
  return tag.startsWith(marks.utf16) ? rest.toString('utf16le') : tag;
}

/** JSON as queues take it: they refuse two characters that JSON may hold as they are, and that JSON can also write otherwise. */

/** `"\uffff"` as one character -> the same as six. */
export function queueText(json: string): string {
  return json.replace(/[\ufffe\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
}

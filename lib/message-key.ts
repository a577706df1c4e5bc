/**
 * The key of a message: one per instance and node, the same at every attempt and in every version. A provider is handed it, or the
 * ids that it is made of, and reports by it.
 */

export interface MessagePlace {
  readonly tenant: string;
  readonly instance: string;
  readonly node: string;
}

/** `T1/0Abc/welcome_email` */
export function messageKey({ tenant, instance, node }: MessagePlace): string {
  return `${tenant}/${instance}/${node}`;
}

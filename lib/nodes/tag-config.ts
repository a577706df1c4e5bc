/** The configuration that adding and removing a tag share. */
import { z } from 'zod';
import { nameField } from '../journey/schema-field.ts';

export const tagConfig = z.strictObject({ tag: nameField(100) });

export type TagConfig = z.infer<typeof tagConfig>;

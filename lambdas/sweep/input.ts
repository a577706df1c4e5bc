/** The schedule calls with whatever it likes: nothing of it is looked at. */
import { z } from 'zod';

export const input = z.unknown();

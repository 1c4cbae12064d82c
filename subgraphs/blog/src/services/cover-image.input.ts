import { z } from 'zod';
import { COVER_TYPES, MAX_COVER_SIZE } from '../entities/index.js';

/** What an image is that somebody wants to send. */
export const coverImage = z.object({
  contentType: z.string().refine((type) => COVER_TYPES.includes(type), `One of ${COVER_TYPES.join(', ')}.`),
  size: z.int().min(1, 'At least one byte.').max(MAX_COVER_SIZE, `At most ${MAX_COVER_SIZE} bytes.`),
});

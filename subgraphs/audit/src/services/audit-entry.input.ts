import { text } from '@platform/kernel/graphql';
import { z } from 'zod';
import { AuditOutcome, withoutSecrets } from '../entities/index.js';

const MAX_METADATA_BYTES = 64 * 1024;
/** How far another machine's clock may be ahead of ours, in ms. */
const CLOCK_SKEW = 5_000;

const word = text(200).regex(/^[\w-]+(\.[\w-]+)*$/, 'Letters, digits, _ and -, in parts joined by dots.');
const optional = (max: number) =>
  text(max)
    .nullish()
    .transform((value) => value ?? null);

/** What an entry may say that is recorded by a call at the given time. */
export const newEntry = (now: Date) =>
  z.object({
    action: word,
    resource: word,
    resourceId: optional(200),
    outcome: z
      .enum(AuditOutcome)
      .nullish()
      .transform((outcome) => outcome ?? AuditOutcome.SUCCESS),
    metadata: z
      .unknown()
      .optional()
      .transform((metadata) => withoutSecrets(metadata ?? {}))
      .refine(
        (metadata) => Buffer.byteLength(JSON.stringify(metadata)) <= MAX_METADATA_BYTES,
        'At most 64 KiB of JSON.',
      ),
    occurredAt: z
      .date()
      .nullish()
      .transform((time) => time ?? now)
      .refine((time) => time.getTime() <= now.getTime() + CLOCK_SKEW, 'Not in the future.'),
    actorId: optional(200),
    ipAddress: optional(100),
    userAgent: optional(1_000),
  });

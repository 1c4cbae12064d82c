import type { Caller } from '@platform/auth';
import { dottedWord, opaque } from '@platform/foundation/text';
import { textOf } from '@platform/subgraph-server/graphql';
import { z } from 'zod';
import { AuditOutcome, withoutSecrets } from '../entities/index.js';
import { mayReport } from './reserved-actions.js';

const MAX_METADATA_BYTES = 64 * 1024;
/** How far another machine's clock may be ahead of ours, in ms. */
const CLOCK_SKEW = 5_000;

const word = textOf(dottedWord);
const optional = (max: number) =>
  textOf(opaque(max))
    .nullish()
    .transform((value) => value ?? null);

interface Reporting {
  readonly caller: Caller;
  readonly now: Date;
  /** How long ago something may have happened, in ms. */
  readonly maxReportAge: number;
}

/** What an entry may say that a call records. */
export const newEntry = ({ caller, now, maxReportAge }: Reporting) =>
  z.object({
    action: word.refine((action) => mayReport(action, caller), "Begins like the platform's own actions."),
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
      .refine((time) => time.getTime() <= now.getTime() + CLOCK_SKEW, 'Not in the future.')
      .refine((time) => time.getTime() >= now.getTime() - maxReportAge, 'Too long ago.'),
    actorId: optional(200),
    serviceAccountId: z
      .uuid()
      .nullish()
      .transform((id) => id ?? null),
    ipAddress: optional(100),
    userAgent: optional(1_000),
  });

import { duration } from '@platform/foundation/config';
import { z } from 'zod';

const limit = z.strictObject({ limit: z.int().positive(), window: duration });

/** Whose count: of an address (IPv6: /64), or of a user where somebody has signed in. */
const rule = limit.extend({ per: z.enum(['ip', 'user']).default('ip') });

const byName = z.record(z.string(), rule);

/** The option `router.rateLimit`. config/default.yaml says what each key is for. */
export const rateLimitOption = z.strictObject({
  enabled: z.boolean(),
  headers: z.boolean(),
  perIp: limit,
  perUser: limit,
  cost: limit.extend({ from: z.int().min(0).default(0) }).nullable(),
  operations: byName,
  fields: z.strictObject({ Query: byName, Mutation: byName, Subscription: byName }),
});

export type RateLimitRules = z.output<typeof rateLimitOption>;
export type RateLimitRule = z.output<typeof rule>;

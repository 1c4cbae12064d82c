import { defineEvent } from '@platform/events';
import { z } from 'zod';

const key = z.object({
  keyId: z.string(),
  /** Who asked for it at the command line; null when it happened on schedule. */
  operator: z.string().nullable(),
});

/** A new key is published and will sign access tokens from `signsFrom` on (RFC 3339). */
export const signingKeyRotated = defineEvent({
  type: 'platform.signing_key.rotated',
  resource: 'signing_key',
  data: key.extend({ signsFrom: z.string() }),
});

/** A key is not to be trusted any more, and neither is any token that it signed. */
export const signingKeyRevoked = defineEvent({
  type: 'platform.signing_key.revoked',
  resource: 'signing_key',
  data: key,
});

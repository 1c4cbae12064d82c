import { defineEvent } from '@platform/events';
import { z } from 'zod';

const apiKey = z.object({
  keyId: z.uuid(),
  ownerId: z.uuid(),
  ownerType: z.enum(['user', 'service_account']),
  scopes: z.array(z.string()),
});
const serviceAccountId = z.uuid();

/** A program can act by a new key. */
export const apiKeyCreated = defineEvent({ type: 'platform.api_key.created', resource: 'api_key', data: apiKey });

/** Somebody ended a key. Keys that end with a membership or a service account are not announced one by one. */
export const apiKeyRevoked = defineEvent({ type: 'platform.api_key.revoked', resource: 'api_key', data: apiKey });

/** A key has reached the end of its life. */
export const apiKeyExpired = defineEvent({ type: 'platform.api_key.expired', resource: 'api_key', data: apiKey });

/** An organization has a new machine identity. */
export const serviceAccountCreated = defineEvent({
  type: 'platform.service_account.created',
  resource: 'service_account',
  data: z.object({ serviceAccountId }),
});

/** A service account was renamed, described, enabled or disabled. */
export const serviceAccountUpdated = defineEvent({
  type: 'platform.service_account.updated',
  resource: 'service_account',
  data: z.object({ serviceAccountId, fields: z.array(z.string()) }),
});

/** A service account is gone, with its keys and its roles. */
export const serviceAccountDeleted = defineEvent({
  type: 'platform.service_account.deleted',
  resource: 'service_account',
  data: z.object({ serviceAccountId }),
});

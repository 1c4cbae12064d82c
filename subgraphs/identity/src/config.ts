import { type Config, duration, inherited, secret, url } from '@platform/foundation/config';
import { z } from 'zod';
import { isLoopback } from './services/external/loopback.js';

const count = z.int().positive();
const waits = z.strictObject({ freeAttempts: count, baseDelay: duration, maxDelay: duration });

/** It is a part of addresses: /auth/<id>/callback. */
const PROVIDER_ID = /^(?!sso$)[a-z][a-z0-9-]{0,39}$/;

const issuer = url.refine((address) => {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || isLoopback(hostname);
}, 'must be an https URL');

const provider = z
  .strictObject({
    kind: z.enum(['google', 'microsoft', 'github', 'oidc']),
    issuer: issuer.optional(),
    clientId: z.string().min(1),
    clientSecret: secret(),
    displayName: z.string().min(1).optional(),
    scopes: z.array(z.string().min(1)).min(1).readonly().optional(),
    registration: z.boolean().optional(),
  })
  .refine(({ kind, issuer }) => kind !== 'oidc' || issuer !== undefined, {
    path: ['issuer'],
    error: 'must be given for kind oidc',
  });

/** What the identity subgraph reads of the configuration; config.yaml says what each key is for. */
export const identitySections = {
  identity: z.strictObject({
    issuer: inherited(url, 'api.publicUrl'),
    audience: z.string().min(1),
    signingAlgorithm: z.enum(['ES256', 'EdDSA', 'RS256']),
    accessTokenLifetime: duration,
    rolelessTokenLifetime: duration,
    refreshTokenLifetime: duration,
    sessionLifetime: duration,
    reauthenticateAfter: duration,
    refreshGrace: duration,
    verificationLifetime: duration,
    invitationLifetime: duration,
    invitationRetention: duration,
    sessionRetention: duration,
    unverifiedRetention: duration,
    resetLifetime: duration,
    emailRevertLifetime: duration,
    rolesTimeout: duration,
    authorizationTimeout: duration,
    lockedAuthorizationTimeout: duration,
    constantResponseTime: duration,
    apiKeys: z.strictObject({ maxLifetime: duration.nullable(), expiryInterval: duration, expiredRetention: duration }),
    keyRotation: z.strictObject({ interval: duration, prePublish: duration, checkInterval: duration }),
    passkeys: z.strictObject({ relyingPartyId: z.string().min(1).nullable(), origins: z.array(url) }),
    registration: z.enum(['open', 'closed']),
    providers: z.record(
      z.string().regex(PROVIDER_ID, 'must be at most 40 lower-case letters, digits and hyphens, and not sso'),
      provider,
    ),
    keyEncryptionSecret: secret(z.string().min(32, 'must have at least 32 characters')),
    argon2: z.strictObject({
      memoryKib: z.int().min(19_456, 'must be at least 19456 (19 MiB)'),
      timeCost: z.int().min(2),
      parallelism: count,
      concurrency: count,
      queueLimit: z.int().min(0),
    }),
    mailBudget: z.strictObject({ perNetwork: count, perRecipient: count, window: duration }),
    loginThrottle: z.strictObject({ perAccount: waits, perIp: waits, global: waits, window: duration }),
  }),
};

/** The identity subgraph's own section. */
export type IdentityConfig = Config<typeof identitySections>['identity'];

import { type Config, duration, inherited, secret, url } from '@platform/foundation/config';
import { z } from 'zod';

const count = z.int().positive();
const waits = z.strictObject({ freeAttempts: count, baseDelay: duration, maxDelay: duration });

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

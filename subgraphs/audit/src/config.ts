import { type Config, duration, fieldCoordinate, secret, url } from '@platform/foundation/config';
import { z } from 'zod';

/** The audit subgraph's own configuration. */
export const auditSections = {
  audit: z.strictObject({
    include: z.array(fieldCoordinate),
    exclude: z.array(z.string()),
    logName: z.string().regex(/^[^\s+]+$/, 'must have no spaces and no +'),
    signingKey: secret(z.string().refine(isPrivateKey, 'must be the JWK of an Ed25519 private key')),
    checkpointInterval: duration,
    storeCheckpoints: z.boolean(),
    witnessUrl: url.nullable(),
    witnessKey: z.string().nullable(),
    witnessTimeout: duration,
    maxReportAge: duration,
    partitionsAhead: z.int().min(1).max(24),
    retention: duration,
    downloadUrl: url.nullable(),
    downloadLifetime: duration,
    exportRetention: duration,
  }),
};

function isPrivateKey(text: string): boolean {
  try {
    const { kty, crv, x, d } = JSON.parse(text) as Record<string, unknown>;
    return kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && typeof d === 'string';
  } catch {
    return false;
  }
}

export type AuditConfig = Config<typeof auditSections>['audit'];

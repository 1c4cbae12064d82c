import { bytes, type Config, duration, instanceOptions, path, processSections, url } from '@platform/foundation/config';
import { z } from 'zod';
import { apolloSection } from '../apollo/index.js';
import { commonRouterOptions } from '../config.js';
import { headerPattern } from '../headers/index.js';

const names = z.array(z.string().min(1)).min(1);

const algorithm = z.enum([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]);

const value = z.union([z.string(), z.number(), z.boolean()]);

/** Who a policy is true for: all of the given conditions hold; a list holds when one of its entries does. */
const policyRule = z
  .strictObject({
    roles: names.optional(),
    scopes: names.optional(),
    claims: z.record(z.string(), z.union([value, z.array(value).min(1)])).optional(),
  })
  .refine((rule) => Object.keys(rule).length > 0, 'needs roles, scopes or claims');

/** The configuration of a router that stands alone. config/default.yaml, and config/router/default.yaml over it, say what each key is for. */
export const standaloneSections = {
  server: processSections.server,
  logging: processSections.logging,
  redis: processSections.redis,
  discovery: z.strictObject(instanceOptions),
  tracing: processSections.tracing,
  router: z.strictObject({
    ...commonRouterOptions,
    name: z.string().min(1),
    supergraph: path.nullable(),
    dataDir: path,
    explorer: z.boolean(),
    forwardHeaders: z.array(headerPattern),
    subgraphs: z.record(z.string(), z.strictObject({ url: url.optional(), timeout: duration.optional() })),
  }),
  apollo: apolloSection,
  jwt: z.strictObject({
    issuers: z.array(
      z.strictObject({
        issuer: z.string().min(1),
        jwksUrl: url,
        audience: z.union([z.string().min(1), names]).optional(),
        algorithms: z.array(algorithm).min(1).optional(),
        tokenType: z.string().min(1).optional(),
      }),
    ),
    algorithms: z.array(algorithm).min(1),
    clockSkew: duration,
    jwksRefresh: duration,
    rolesClaim: z.string().min(1),
    scopeClaim: z.string().min(1),
  }),
  policies: z.strictObject({
    rules: z.record(z.string(), policyRule),
    endpoint: url.nullable(),
    timeout: duration,
    cacheLifetime: duration,
    cacheMemory: bytes,
  }),
};

export type StandaloneConfig = Config<typeof standaloneSections>;
export type PolicyRule = StandaloneConfig['policies']['rules'][string];

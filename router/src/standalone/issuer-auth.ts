import { anonymousCaller, type RevocationVersions, userCaller } from '@platform/auth';
import type { Callers } from '../authentication/principal-resolver.js';
import { observeReading } from '../authentication/repeated-reading.js';
import { type Policies, PolicyEndpoint, PolicyRules, PolicySources } from '../policies/index.js';
import type { AuthOptions, RouterDependencies } from '../router-options.js';
import type { StandaloneConfig } from './config.js';
import { Issuers } from './issuers.js';

interface IssuerAuthDependencies extends Pick<RouterDependencies, 'logger' | 'metrics'> {
  readonly config: Pick<StandaloneConfig, 'jwt' | 'policies'>;
}

/** Nobody's tenant: a router that stands alone has no tenants of its own. */
const NO_TENANT = '';

/** How often streams look whether the keys of the issuers are others, in ms; these are read every `jwt.jwksRefresh`. */
const KEYS_CHECK = 5_000;

/** Callers by the tokens of the configured issuers; without one nobody signs in. */
export function issuerAuth(parts: IssuerAuthDependencies): AuthOptions {
  const { jwt } = parts.config;
  const policies = policiesOf(parts);
  if (jwt.issuers.length === 0) return { tokens: null, callers: bearers(null), policies };
  const issuers = new Issuers(jwt, (issuer) => observeReading('signing_keys', parts, { issuer }));
  const changes = { stamps: keysAsRevocations(issuers), checkInterval: KEYS_CHECK };
  return { tokens: issuers, callers: bearers(issuers), policies, changes };
}

/** Whoever has a good token is whom it names, for as long as its key is published. */
const bearers = (issuers: Issuers | null): Callers => ({
  async resolve(claims) {
    if (!claims) return anonymousCaller(NO_TENANT);
    await issuers?.recheck(claims);
    return userCaller(claims.subject, claims.sessionId, claims.tenantId ?? NO_TENANT);
  },
});

/** What a stream was begun on stands while the issuers publish the same keys. */
const keysAsRevocations = (issuers: Issuers): RevocationVersions => ({
  bump: async () => undefined,
  async read(keys) {
    const generation = await issuers.generation();
    return keys.map(() => generation);
  },
});

function policiesOf({ config: { policies, jwt }, logger }: IssuerAuthDependencies): Policies {
  const rules = new PolicyRules(policies.rules, jwt.rolesClaim);
  if (policies.endpoint === null) return rules;
  return new PolicySources(rules, new PolicyEndpoint({ ...policies, url: policies.endpoint }, logger));
}

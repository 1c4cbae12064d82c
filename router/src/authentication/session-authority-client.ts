import {
  type Caller,
  type CallerTokenSigner,
  type RevocationVersions,
  SIGNING_KEYS_VERSION,
  serviceCaller,
} from '@platform/auth';
import type { SubgraphEndpoint, SubgraphRequest, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import type { JSONWebKeySet } from 'jose';
import { AuthenticationUnavailable } from '../errors.js';
import { CircuitBreaker } from '../traffic/index.js';
import type { ApiKeyUse } from './api-key-uses.js';
import { JwksCache } from './jwks-cache.js';
import type { CallerOwners, SessionState } from './principal-resolver.js';
import type { ReadingObserver } from './repeated-reading.js';
import type { UsableApiKey } from './usable-api-key.js';

const SESSION =
  'query CallerSession($session: [_Any!]!) { _entities(representations: $session) { ... on Session { id } } }';
const SESSION_IN_ORGANIZATION = `query CallerSessionInOrganization($session: [_Any!]!, $organizationId: ID!) {
  _entities(representations: $session) { ... on Session { id actsIn(organizationId: $organizationId) } }
}`;
const ORGANIZATION = 'query OrganizationNamed($name: String!) { organizationNamed(name: $name) }';
const API_KEY = `query UsableApiKey($hash: String!) {
  usableApiKey(hash: $hash) { id organizationId userId serviceAccountId scopes expiresAt }
}`;
const API_KEY_USED = `query ApiKeyUsed($id: ID!, $at: DateTime!, $ipAddress: String) {
  apiKeyUsed(id: $id, at: $at, ipAddress: $ipAddress)
}`;
const PERMISSIONS = 'query CallerPermissions { myPermissions }';
const SIGNING_KEYS = 'query SigningKeys { signingKeys }';

/** An owner that let three questions in a row wait for nothing is not waited for by every request: one asks, each second, for all. */
const PATIENCE = { failureRatio: 1, minimumRequests: 3, window: 30_000, resetTimeout: 1_000, halfOpenRequests: 1 };

/** The platform's own subgraphs as owners: identity of sessions and signing keys, authz of permissions. The router knows them by their schema alone. */
export class SessionAuthorityClient implements CallerOwners {
  /** Identity's public keys. */
  readonly keys: JwksCache;
  private readonly breakers = new Map<string, CircuitBreaker>();

  constructor(
    private readonly endpoint: (subgraph: string) => SubgraphEndpoint,
    private readonly tokens: CallerTokenSigner,
    stamps: RevocationVersions,
    private readonly options: {
      readonly tenantId: string;
      readonly timeout: number;
      readonly jwksRefresh: number;
      readonly keysObserver?: ReadingObserver;
    },
  ) {
    const version = () => stamps.read([SIGNING_KEYS_VERSION]).then(([stamp]) => stamp ?? null);
    this.keys = new JwksCache(
      () => this.signingKeys(),
      options.jwksRefresh,
      () => version().catch(() => null),
      options.keysObserver,
    );
  }

  isKeyActive(keyId: string | null, stamp: string | null): Promise<boolean> {
    return this.keys.publishes(keyId, stamp);
  }

  async sessionOf(caller: Caller, organizationId: string | null): Promise<SessionState> {
    const session = [{ __typename: 'Session', id: caller.sessionId }];
    const asked =
      organizationId === null
        ? { query: SESSION, variables: { session } }
        : { query: SESSION_IN_ORGANIZATION, variables: { session, organizationId } };
    const data = await this.ask('identity', caller, asked);
    const [found] = data._entities as [{ actsIn?: boolean | null } | null];
    if (!found) return 'ended';
    return organizationId === null || found.actsIn === true ? 'active' : 'outside';
  }

  /** The id of the active organization of this slug or id; null for any other. @throws AuthenticationUnavailable */
  async organizationNamed(name: string): Promise<string | null> {
    const router = serviceCaller('router', this.options.tenantId);
    const { organizationNamed } = await this.ask('identity', router, { query: ORGANIZATION, variables: { name } });
    return organizationNamed as string | null;
  }

  /** The key with this hash, if it can be used now. @throws AuthenticationUnavailable */
  async apiKeyBy(hash: string): Promise<UsableApiKey | null> {
    const router = serviceCaller('router', this.options.tenantId);
    const { usableApiKey } = await this.ask('identity', router, { query: API_KEY, variables: { hash } });
    return usableApiKey ? readApiKey(usableApiKey as AnsweredApiKey) : null;
  }

  /** @throws AuthenticationUnavailable */
  async apiKeyUsed({ id, organizationId, at, ipAddress }: ApiKeyUse): Promise<void> {
    const router = serviceCaller('router', organizationId);
    const variables = { id, at: at.toISOString(), ipAddress };
    await this.ask('identity', router, { query: API_KEY_USED, variables });
  }

  async permissionsOf(caller: Caller): Promise<readonly string[]> {
    const { myPermissions } = await this.ask('authz', caller, { query: PERMISSIONS });
    return (myPermissions as string[] | null) ?? [];
  }

  private async signingKeys(): Promise<JSONWebKeySet> {
    const router = serviceCaller('router', this.options.tenantId);
    const { signingKeys } = await this.ask('identity', router, { query: SIGNING_KEYS });
    return signingKeys as JSONWebKeySet;
  }

  /** @throws AuthenticationUnavailable when the subgraph is away, slow or refuses. */
  private async ask(subgraph: string, caller: Caller, request: SubgraphRequest): Promise<Record<string, unknown>> {
    try {
      const { data, errors } = await this.answer(subgraph, caller, request);
      if (!data || errors?.length) throw new Error(errors?.[0]?.message ?? 'no data');
      return data;
    } catch (error) {
      throw new AuthenticationUnavailable(new Error(`${subgraph} does not tell who calls`, { cause: error }));
    }
  }

  private async answer(subgraph: string, caller: Caller, request: SubgraphRequest): Promise<SubgraphResponse> {
    const headers = { [CALLER_TOKEN_HEADER]: await this.tokens.sign(caller, subgraph) };
    const breaker = this.breakerOf(subgraph);
    const ticket = breaker.admit();
    if (ticket === undefined) throw new Error('it let earlier questions wait in vain');
    const deadline = AbortSignal.timeout(this.options.timeout);
    try {
      return await Promise.race([this.endpoint(subgraph).execute(request, headers, deadline), rejectedBy(deadline)]);
    } finally {
      if (deadline.aborted) breaker.failed(ticket);
      else breaker.succeeded(ticket);
    }
  }

  private breakerOf(subgraph: string): CircuitBreaker {
    let breaker = this.breakers.get(subgraph);
    if (!breaker) {
      breaker = new CircuitBreaker(PATIENCE, () => {});
      this.breakers.set(subgraph, breaker);
    }
    return breaker;
  }
}

interface AnsweredApiKey extends Pick<UsableApiKey, 'id' | 'organizationId' | 'scopes'> {
  readonly userId: string | null;
  readonly serviceAccountId: string | null;
  readonly expiresAt: string | null;
}

const readApiKey = ({ userId, serviceAccountId, expiresAt, ...key }: AnsweredApiKey): UsableApiKey => ({
  ...key,
  owner: userId === null ? { serviceAccountId: serviceAccountId as string } : { userId },
  expiresAt: expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
});

const rejectedBy = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

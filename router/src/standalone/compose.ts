import { anonymousCaller, type RevocationVersions, userCaller } from '@platform/auth';
import { loadSupergraph, type Supergraph } from '@platform/federation-engine';
import { InvalidConfig } from '@platform/foundation/config';
import { connectionMistakes, urlMistakes } from '@platform/subgraph-client/balancing';
import type { Callers } from '../authentication/principal-resolver.js';
import { observeReading } from '../authentication/repeated-reading.js';
import { openResponseCache } from '../caching/index.js';
import { createEngine } from '../create-engine.js';
import { plainExplorerPage, registerAssets } from '../dev-ui/index.js';
import { HeaderNames, requestHeaders } from '../headers/index.js';
import { type Policies, PolicyEndpoint, PolicyRules, PolicySources } from '../policies/index.js';
import { type Router, type RouterFoundation, RouterFrame } from '../router.js';
import { SubgraphCalls } from '../subgraph-calls/index.js';
import { unknownNames } from '../subgraph-names.js';
import type { StandaloneConfig } from './config.js';
import { Connections } from './connections.js';
import { Issuers } from './issuers.js';

interface StandAloneDependencies extends RouterFoundation {
  readonly config: StandaloneConfig;
}

/** Nobody's tenant: a router that stands alone has no tenants of its own. */
const NO_TENANT = '';

/** A router in front of anybody's subgraphs: callers are what their tokens say, subgraphs get the headers that are listed. @throws CompositionFailed, InvalidConfig */
export function composeStandaloneRouter(given: StandAloneDependencies): Router {
  const parts = { ...given, answers: openResponseCache(given) };
  const { config } = parts;
  const connections = new Connections(parts);
  const timeoutMs = (name: string) => config.router.subgraphs[name]?.timeout ?? config.router.subgraphTimeout;
  const calls = new SubgraphCalls({ ...parts, timeoutMs });
  let first = true;
  const router = new RouterFrame(parts, (supergraph) => {
    checkSubgraphs(config, supergraph, first);
    first = false;
    const { endpoint, close } = connections.open(supergraph);
    return { engine: createEngine(parts, supergraph, calls.around(endpoint), timeoutMs), close };
  });
  const { forwardHeaders } = config.router;
  const forwarded = new HeaderNames(forwardHeaders);
  const issuers =
    config.jwt.issuers.length > 0
      ? new Issuers(config.jwt, (issuer) => observeReading('signing_keys', parts, { issuer }))
      : null;
  const explorer = plainExplorerPage(config.router.name);
  router.serve({
    tokens: issuers,
    callers: bearers(issuers),
    changes: issuers ? { stamps: keysAsRevocations(issuers), checkInterval: KEYS_CHECK } : undefined,
    policies: policiesOf(parts),
    headers: async (on) => ({ ...requestHeaders(on), ...forwarded.of(on.headers) }),
    forwardHeaders,
    explorer: config.router.explorer ? () => explorer : undefined,
  });
  if (config.router.explorer) registerAssets(router.http.app);
  return router;
}

/** How often streams look whether the keys of the issuers are others, in ms; these are read every `jwt.jwksRefresh`. */
const KEYS_CHECK = 5_000;

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

function policiesOf({ config: { policies, jwt }, logger }: StandAloneDependencies): Policies {
  const rules = new PolicyRules(policies.rules, jwt.rolesClaim);
  if (policies.endpoint === null) return rules;
  return new PolicySources(rules, new PolicyEndpoint({ ...policies, url: policies.endpoint }, logger));
}

/**
 * @param first whether the router starts with it: names of subgraphs that a later supergraph has left out are no reason to refuse it.
 * @throws InvalidConfig with everything by which subgraphs cannot be reached, or that is about none of them.
 */
function checkSubgraphs({ router, discovery }: StandaloneConfig, { subgraphs }: Supergraph, first: boolean): void {
  const targets = targetsOf(router, subgraphs);
  const mistakes = first
    ? [...connectionMistakes(discovery, targets), ...namesOfNone(router, targets)]
    : targets.flatMap(urlMistakes);
  if (mistakes.length > 0) throw new InvalidConfig(mistakes);
}

/** The same for a configuration with other mistakes, so that all are told at once: as far as it can be understood. */
export function mistakesAboutSubgraphs(written: InvalidConfig['written'], sdl: string): string[] {
  const { router, discovery } = written as unknown as StandaloneConfig;
  const understood = <T>(read: () => T[]): T[] => {
    try {
      return read();
    } catch {
      return [];
    }
  };
  const targets = understood(() => targetsOf(router, loadSupergraph(sdl).subgraphs));
  if (targets.length === 0) return [];
  return [
    ...understood(() => connectionMistakes(discovery, targets)),
    ...understood(() => namesOfNone(router, targets)),
  ];
}

const targetsOf = ({ subgraphs: own }: StandaloneConfig['router'], subgraphs: Supergraph['subgraphs']) =>
  [...subgraphs.values()].map(({ name, url }) => {
    const instead = own[name]?.url;
    return instead === undefined
      ? { name, url, place: 'the supergraph' }
      : { name, url: instead, place: `router.subgraphs.${name}.url` };
  });

const namesOfNone = (router: StandaloneConfig['router'], targets: readonly { readonly name: string }[]): string[] =>
  unknownNames(
    router,
    targets.map(({ name }) => name),
    { 'router.subgraphs': router.subgraphs },
  );

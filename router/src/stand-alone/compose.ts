import { anonymousCaller, userCaller, type VersionStamps } from '@platform/kernel/auth';
import { openAnswers } from '../caching/index.js';
import type { Callers } from '../callers/caller-resolver.js';
import { createEngine } from '../create-engine.js';
import { plainExplorerPage, registerAssets } from '../development/index.js';
import { HeaderNames, requestHeaders } from '../headers/index.js';
import { type Policies, PolicyEndpoint, PolicyRules, PolicySources } from '../policies/index.js';
import { type Router, type RouterFoundation, RouterFrame } from '../router.js';
import { Traffic } from '../traffic/index.js';
import type { StandAloneConfig } from './config.js';
import { Connections } from './connections.js';
import { Issuers } from './issuers.js';

interface StandAloneParts extends RouterFoundation {
  readonly config: StandAloneConfig;
}

/** Nobody's tenant: a router that stands alone has no tenants of its own. */
const NO_TENANT = '';

/** A router in front of anybody's subgraphs: callers are what their tokens say, subgraphs get the headers that are listed. @throws CompositionFailed */
export function composeStandAloneRouter(given: StandAloneParts): Router {
  const parts = { ...given, answers: openAnswers(given) };
  const { config } = parts;
  const connections = new Connections(parts);
  const timeoutMs = (name: string) => config.router.subgraphs[name]?.timeout ?? config.router.subgraphTimeout;
  const traffic = new Traffic({ ...parts, config: config.router.traffic, timeoutMs });
  const router = new RouterFrame(parts, (supergraph) => {
    const { endpoint, close } = connections.open(supergraph);
    return { engine: createEngine(parts, supergraph, traffic.around(endpoint), timeoutMs), close };
  });
  tellUnknownSubgraphs(parts, router);
  const { forwardHeaders } = config.router;
  const forwarded = new HeaderNames(forwardHeaders);
  const issuers = config.jwt.issuers.length > 0 ? new Issuers(config.jwt) : null;
  router.serve({
    tokens: issuers,
    callers: bearers(issuers),
    changes: issuers ? { stamps: keysAsStamps(issuers), checkInterval: KEYS_CHECK } : undefined,
    policies: policiesOf(parts),
    headers: async (on) => ({ ...requestHeaders(on), ...forwarded.of(on.headers) }),
    forwardHeaders,
    explorer: config.router.explorer ? plainExplorerPage(config.router.name) : undefined,
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
const keysAsStamps = (issuers: Issuers): VersionStamps => ({
  raise: async () => undefined,
  async read(keys) {
    const generation = await issuers.generation();
    return keys.map(() => generation);
  },
});

function policiesOf({ config: { policies, jwt }, logger }: StandAloneParts): Policies {
  const rules = new PolicyRules(policies.rules, jwt.rolesClaim);
  if (policies.endpoint === null) return rules;
  return new PolicySources(rules, new PolicyEndpoint({ ...policies, url: policies.endpoint }, logger));
}

function tellUnknownSubgraphs({ config, logger }: StandAloneParts, { supergraphs }: Router): void {
  const { subgraphs } = supergraphs.engine.supergraph;
  const unknown = Object.keys(config.router.subgraphs).filter((name) => !subgraphs.has(name));
  if (unknown.length > 0)
    logger.warn({ unknown }, 'The configuration names subgraphs that the supergraph does not have');
}

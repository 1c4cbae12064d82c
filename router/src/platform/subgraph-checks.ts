import { type CallerTokenSigner, serviceCaller } from '@platform/auth';
import type { Health } from '@platform/foundation/health';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import type { Supergraphs } from '../supergraphs/index.js';

interface SubgraphAccess {
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
  readonly tokens: CallerTokenSigner;
  readonly tenantId: string;
}

/** One soft check per subgraph that is served: without one of them the router still answers for the others. */
export function addSubgraphChecks(health: Health, supergraphs: Supergraphs, access: SubgraphAccess): void {
  const checked = new Set<string>();
  const addMissing = (): void => {
    for (const name of supergraphs.engine.supergraph.subgraphs.keys()) {
      if (checked.has(name)) continue;
      checked.add(name);
      health.add({ name: `subgraph:${name}`, severity: 'soft', check: () => ask(name, supergraphs, access) });
    }
  };
  addMissing();
  supergraphs.onSwap(addMissing);
}

/** Nothing is asked of a subgraph that a later supergraph has left out. */
async function ask(
  name: string,
  supergraphs: Supergraphs,
  { endpoint, tokens, tenantId }: SubgraphAccess,
): Promise<void> {
  if (!supergraphs.engine.supergraph.subgraphs.has(name)) return;
  const headers = { [CALLER_TOKEN_HEADER]: await tokens.sign(serviceCaller('router', tenantId), name) };
  await endpoint(name).execute({ query: '{ __typename }' }, headers, AbortSignal.timeout(2_000));
}

import { CALLER_TOKEN_HEADER, type CallerTokenSigner, serviceCaller } from '@platform/kernel/auth';
import type { SubgraphEndpoint } from '@platform/kernel/graphql';
import type { HealthCheck } from '@platform/kernel/health';
import type { Supergraph } from './engine/index.js';

/** One soft check per subgraph: without one of them the router still answers for the others. */
export const subgraphChecks = (
  { subgraphs }: Supergraph,
  endpoint: (subgraph: string) => SubgraphEndpoint,
  tokens: CallerTokenSigner,
  tenantId: string,
): HealthCheck[] =>
  [...subgraphs.keys()].map((name) => ({
    name: `subgraph:${name}`,
    severity: 'soft',
    check: async () => {
      const headers = { [CALLER_TOKEN_HEADER]: await tokens.sign(serviceCaller('router', tenantId), name) };
      await endpoint(name).execute({ query: '{ __typename }' }, headers, AbortSignal.timeout(2_000));
    },
  }));

import { type CallerTokenSigner, serviceCaller } from '@platform/auth';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import type { FastifyInstance } from 'fastify';

const RECEIVE = `mutation ReceiveExternalLogin($provider: ID!, $query: String!) {
  receiveExternalLogin(provider: $provider, query: $query)
}`;

/** Identity asks the provider meanwhile, several times in a row. */
const TIMEOUT_MS = 20_000;

/** Longer queries are no answer of a provider. */
const MAX_QUERY_LENGTH = 8_192;

interface ExternalLoginDependencies {
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
  readonly signer: CallerTokenSigner;
  readonly tenantId: string;
  /** Where the application's pages are. */
  readonly publicUrl: string;
  readonly onFailure: (error: unknown) => void;
}

/** Where browsers come back to from an external provider. Identity says where they go next: to a page of the application. */
export function registerExternalLogin(http: FastifyInstance, dependencies: ExternalLoginDependencies): void {
  const { publicUrl, onFailure } = dependencies;
  // The address carries a state and a code: it must not be logged.
  http.get<{ Params: { provider: string } }>(
    '/auth/:provider/callback',
    { logLevel: 'warn' },
    async (request, reply) => {
      const [, query = ''] = /\?(.*)$/s.exec(request.raw.url ?? '') ?? [];
      const next = await receive(dependencies, request.params.provider, query).catch((error: unknown) => {
        onFailure(error);
        return `${publicUrl}/auth/complete?error=SERVICE_UNAVAILABLE`;
      });
      return reply
        .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', location: next })
        .code(302)
        .send();
    },
  );
}

async function receive(
  { endpoint, signer, tenantId, publicUrl }: ExternalLoginDependencies,
  provider: string,
  query: string,
): Promise<string> {
  if (query.length > MAX_QUERY_LENGTH) return `${publicUrl}/auth/complete?error=INVALID_TOKEN`;
  const caller = serviceCaller('router', tenantId);
  const headers = { [CALLER_TOKEN_HEADER]: await signer.sign(caller, 'identity') };
  const request = { query: RECEIVE, variables: { provider, query } };
  const { data, errors } = await endpoint('identity').execute(request, headers, AbortSignal.timeout(TIMEOUT_MS));
  if (!data || errors?.length) throw new Error(errors?.[0]?.message ?? 'identity does not say where a browser goes');
  return data.receiveExternalLogin as string;
}

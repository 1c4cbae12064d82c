import { composeServices } from '@apollo/composition';
import { GraphQLError, parse } from 'graphql';
import { CompositionFailed } from './errors.js';

/** One subgraph as it enters composition; `typeDefs` is its SDL. */
export interface SubgraphDefinition {
  name: string;
  url: string;
  typeDefs: string;
}

/** Subgraphs to one supergraph SDL. A face of its own: whoever serves what others composed does not load it. Throws CompositionFailed with every reason, syntax errors included. */
export function composeSupergraph(subgraphs: readonly SubgraphDefinition[]): { sdl: string } {
  const services = subgraphs.map(({ name, url, typeDefs }) => ({ name, url, typeDefs: parseSubgraph(name, typeDefs) }));
  const result = composeServices(services);
  if (result.errors) throw new CompositionFailed(result.errors);
  return { sdl: result.supergraphSdl };
}

function parseSubgraph(name: string, typeDefs: string) {
  try {
    return parse(typeDefs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CompositionFailed([new GraphQLError(`[${name}] ${reason}`, { extensions: { code: 'INVALID_GRAPHQL' } })]);
  }
}

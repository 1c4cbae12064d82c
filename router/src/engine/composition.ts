import { composeServices } from '@apollo/composition';
import { GraphQLError, parse, Source } from 'graphql';
import { CompositionFailed } from './errors.js';

/** One subgraph as it enters composition; `typeDefs` is its SDL. */
export interface SubgraphDefinition {
  name: string;
  url: string;
  typeDefs: string;
  /** Where `typeDefs` was read, for the places of mistakes; its name where left out. */
  file?: string;
}

/** Subgraphs to one supergraph SDL. A face of its own: whoever serves what others composed does not load it. Throws CompositionFailed with every reason, syntax errors included. */
export function composeSupergraph(subgraphs: readonly SubgraphDefinition[]): { sdl: string } {
  const services = subgraphs.map((subgraph) => ({ ...subgraph, typeDefs: parseSubgraph(subgraph) }));
  const result = composeServices(services);
  if (result.errors) throw new CompositionFailed(result.errors);
  return { sdl: result.supergraphSdl };
}

function parseSubgraph({ name, typeDefs, file = name }: SubgraphDefinition) {
  try {
    return parse(new Source(typeDefs, file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { source, positions } = error as Partial<GraphQLError>;
    throw new CompositionFailed([
      new GraphQLError(`[${name}] ${reason}`, { source, positions, extensions: { code: 'INVALID_GRAPHQL' } }),
    ]);
  }
}

import { composeServices } from '@apollo/composition';
import { LosslessNumber, numberOf } from '@platform/foundation/json';
import { type ConstValueNode, type DocumentNode, GraphQLError, parse, print, Source, visit } from 'graphql';
import { CompositionFailed } from './base/errors.js';
import { withComposedRoots, withRootNames } from './schema/root-names.js';
import { WrittenDefaults } from './schema/written-defaults.js';

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
  const composable = services.map((service) => ({ ...service, typeDefs: withComposedRoots(service.typeDefs) }));
  const result = composeServices(composable);
  if (result.errors) throw new CompositionFailed(result.errors);
  return { sdl: withRootNames(withDefaultsOf(composable, result.supergraphSdl), services) };
}

/** Composition makes doubles of the numbers in default values: those that a double changes stand in the supergraph as a subgraph wrote them. */
function withDefaultsOf(services: readonly { readonly typeDefs: DocumentNode }[], sdl: string): string {
  const written = services.map(({ typeDefs }) => new WrittenDefaults(typeDefs));
  let exact = '';
  let end = 0;
  for (const [coordinate, { loc }] of new WrittenDefaults(parse(sdl))) {
    const own = written.map((defaults) => defaults.get(coordinate)).find((value) => value && hasLosslessNumber(value));
    if (!own || !loc) continue;
    exact += sdl.slice(end, loc.start) + print(own);
    end = loc.end;
  }
  return exact + sdl.slice(end);
}

function hasLosslessNumber(value: ConstValueNode): boolean {
  let found = false;
  const see = (node: { readonly value: string }): void => {
    found ||= numberOf(node.value) instanceof LosslessNumber;
  };
  visit(value, { IntValue: see, FloatValue: see });
  return found;
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

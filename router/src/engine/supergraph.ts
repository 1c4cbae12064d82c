import {
  Supergraph as FederationSupergraph,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  type Schema,
} from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import { AuthorizationRules } from './authorization/rules.js';
import { CompositionFailed } from './errors.js';
import { PlanningNames } from './plan/planning-names.js';

/** A supergraph ready to answer operations. Nothing of it changes: a new one replaces it as a whole. */
export interface Supergraph {
  readonly sdl: string;
  /** What clients see: validation, introspection and the shape of answers. */
  readonly apiSchema: GraphQLSchema;
  /** Everything, inaccessible parts and join directives included: subtype questions during execution. */
  readonly schema: GraphQLSchema;
  /** The API schema as the planner reads it. */
  readonly planningSchema: Schema;
  readonly planner: QueryPlanner;
  readonly subgraphs: ReadonlyMap<string, { readonly name: string; readonly url: string }>;
  readonly rules: AuthorizationRules;
  readonly names: PlanningNames;
}

/** Reads a composed supergraph SDL. Throws CompositionFailed when it cannot be used. */
export function loadSupergraph(sdl: string): Supergraph {
  try {
    const federation = FederationSupergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
    const planningSchema = federation.apiSchema();
    const schema = buildSchema(sdl, { assumeValidSDL: true, assumeValid: true });
    return Object.freeze({
      sdl,
      apiSchema: planningSchema.toGraphQLJSSchema({ includeDefer: true }),
      schema,
      planningSchema,
      planner: new QueryPlanner(federation, { incrementalDelivery: { enableDefer: false } }),
      subgraphs: new Map(federation.subgraphsMetadata().map((subgraph) => [subgraph.name, subgraph])),
      rules: new AuthorizationRules(federation.schema),
      names: new PlanningNames(schema),
    });
  } catch (error) {
    throw new CompositionFailed([error instanceof GraphQLError ? error : new GraphQLError(String(error))]);
  }
}

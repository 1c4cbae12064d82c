import { Supergraph as FederationSupergraph, type Schema } from '@apollo/federation-internals';
import { buildASTSchema, type DocumentNode, GraphQLError, type GraphQLSchema, parse, print } from 'graphql';
import { CompositionFailed } from '../base/errors.js';
import type { PlanningSource } from '../planning/planner.js';
import { AuthorizationRules } from './authorization-rules.js';
import { CacheHints } from './cache-hints.js';
import { withExactScalars } from './custom-scalars.js';
import { EntityKeys } from './entity-keys.js';
import { withExecutableDirectives } from './executable-directives.js';
import { interfaceObjects, interfacesAround } from './interface-objects.js';
import { overrideLabels } from './overrides.js';
import { PlanningNames } from './planning-names.js';
import { PublicFields } from './public-fields.js';
import { RequiresAliases } from './requires-aliases.js';
import { RequiresFields } from './requires-directives.js';
import { resolvableKeysFirst } from './resolvable-keys.js';
import { type RootNames, rootNames } from './root-names.js';
import { supportedFeatures, unsupportedFeatures } from './supported-features.js';
import { WrittenDefaults } from './written-defaults.js';

/** A supergraph ready to answer operations. Nothing of it changes: a new one replaces it as a whole. */
export interface Supergraph {
  readonly sdl: string;
  /** What clients see: validation, introspection and the shape of answers. */
  readonly apiSchema: GraphQLSchema;
  readonly defaults: WrittenDefaults;
  /** Everything, inaccessible parts and join directives included: subtype questions during execution. */
  readonly schema: GraphQLSchema;
  /** The API schema as the planner reads it. */
  readonly planningSchema: Schema;
  /** What plans are made of. */
  readonly planning: PlanningSource;
  readonly subgraphs: ReadonlyMap<string, { readonly name: string; readonly url: string }>;
  /** What a subgraph knows, as the planner reads it. */
  readonly schemaOf: (subgraph: string) => GraphQLSchema | undefined;
  readonly rules: AuthorizationRules;
  readonly names: PlanningNames;
  readonly requiresAliases: RequiresAliases;
  readonly keys: EntityKeys;
  readonly requiresFields: RequiresFields;
  readonly interfaceObjects: ReadonlySet<string>;
  /** Interfaces that interface objects may stand for, with the names of those. */
  readonly interfacesAround: ReadonlyMap<string, readonly string[]>;
  /** Names of their own that subgraphs have for root types, as far as the supergraph says. */
  readonly rootNames: ReadonlyMap<string, RootNames>;
  readonly cacheHints: CacheHints;
  readonly publicFields: PublicFields;
  /** Labels of progressive overrides: plans differ by which of them are in effect. */
  readonly overrideLabels: readonly string[];
}

/** Reads a composed supergraph SDL. Throws CompositionFailed when it cannot be used. */
export function loadSupergraph(sdl: string): Supergraph {
  try {
    const document = parse(sdl);
    const unsupported = unsupportedFeatures(document);
    if (unsupported.length > 0) throw new CompositionFailed(unsupported);
    const federation = build(document);
    const schema = buildASTSchema(document, lenient);
    const defaults = new WrittenDefaults(document);
    const cacheHints = new CacheHints(schema);
    const requiresAliases = new RequiresAliases(resolvableKeysFirst(document));
    const planned =
      requiresAliases.document === document ? federation : forPlanning(federation, requiresAliases.document);
    return Object.freeze({
      sdl,
      apiSchema: withExactScalars(
        withExecutableDirectives(federation.apiSchema().toGraphQLJSSchema({ includeDefer: true }), schema),
        defaults,
      ),
      defaults,
      schema,
      planningSchema: planned.apiSchema(),
      planning: {
        supergraph: planned,
        sdl: () => print(requiresAliases.document),
        config: { incrementalDelivery: { enableDefer: true } },
      },
      subgraphs: new Map(federation.subgraphsMetadata().map((subgraph) => [subgraph.name, subgraph])),
      schemaOf: subgraphSchemas(planned),
      rules: new AuthorizationRules(federation.schema),
      names: new PlanningNames(buildASTSchema(requiresAliases.document, lenient)),
      requiresAliases,
      keys: new EntityKeys(document),
      requiresFields: new RequiresFields(requiresAliases.document),
      interfaceObjects: interfaceObjects(document),
      interfacesAround: interfacesAround(document),
      rootNames: rootNames(document),
      cacheHints,
      publicFields: new PublicFields(schema, cacheHints),
      overrideLabels: overrideLabels(document),
    });
  } catch (error) {
    if (error instanceof CompositionFailed) throw error;
    throw new CompositionFailed([error instanceof GraphQLError ? error : new GraphQLError(String(error))]);
  }
}

const lenient = { assumeValidSDL: true, assumeValid: true } as const;

const build = (supergraph: DocumentNode): FederationSupergraph =>
  FederationSupergraph.build(supergraph, { supportedFeatures: new Set(supportedFeatures) });

/** Validated as it came: with aliases, the fields they are for may be external to no purpose. */
function forPlanning(original: FederationSupergraph, document: DocumentNode): FederationSupergraph {
  original.subgraphs();
  return FederationSupergraph.build(document, {
    supportedFeatures: new Set(supportedFeatures),
    validateSupergraph: false,
  });
}

/** Each is made when first asked for. */
function subgraphSchemas(supergraph: FederationSupergraph): Supergraph['schemaOf'] {
  const made = new Map<string, GraphQLSchema | undefined>();
  return (name) => {
    if (!made.has(name)) made.set(name, supergraph.subgraphs().get(name)?.schema.toGraphQLJSSchema());
    return made.get(name);
  };
}

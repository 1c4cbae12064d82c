import {
  type ConstDirectiveNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type ObjectValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { graphNames } from './join-directives.js';

/** What `@cacheControl` says at one place; where it says so more than once, the strictest of it. */
export interface CacheHint {
  /** Seconds. */
  readonly maxAge?: number;
  readonly scope?: 'PUBLIC' | 'PRIVATE';
  readonly inheritMaxAge?: boolean;
}

interface CacheMetadata {
  readonly hint: CacheHint;
  /** Formats of tags by the subgraph that declares them. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
}

interface Element {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] } | null;
  readonly extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] }[];
}

/** Where no `@cacheControl` stands. */
export const noHint: CacheHint = {};
const nothing: CacheMetadata = { hint: noHint, tags: new Map() };

/**
 * What a supergraph says of caching: `@cacheControl`, known by the name in the URL of its specification since `@link` may
 * rename it, and federation's `@cacheTag`. Composition keeps one `@cacheControl` per place and not whose it was, so what
 * stands on a type counts only where the type is of one subgraph.
 */
export class CacheHints {
  private readonly placed = new Map<string, CacheMetadata>();
  private readonly shared = new Set<string>();

  constructor(schema: GraphQLSchema) {
    const directive = linkedName(schema, 'cacheControl');
    const { astNode } = schema.getType('join__Graph') ?? {};
    const graphs = graphNames({ kind: Kind.DOCUMENT, definitions: astNode ? [astNode as never] : [] });
    for (const type of Object.values(schema.getTypeMap())) {
      this.place(type.name, read(type as Element, directive, graphs));
      if (owners(type as Element) > 1) this.shared.add(type.name);
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        this.place(`${type.name}.${field.name}`, read(field, directive, graphs));
      }
    }
  }

  /** Nothing is said of caching anywhere. */
  get empty(): boolean {
    return this.placed.size === 0;
  }

  ofField(type: string, field: string): CacheHint {
    return this.at(`${type}.${field}`).hint;
  }

  ofType(type: string): CacheHint {
    return this.shared.has(type) ? noHint : this.at(type).hint;
  }

  /** Formats of the tags that the subgraph declares at `Type` or `Type.field`. */
  tagsAt(coordinate: string, subgraph: string): readonly string[] {
    return this.at(coordinate).tags.get(subgraph) ?? [];
  }

  private at(coordinate: string): CacheMetadata {
    return this.placed.get(coordinate) ?? nothing;
  }

  private place(coordinate: string, placed: CacheMetadata): void {
    if (placed.hint !== noHint || placed.tags.size > 0) this.placed.set(coordinate, placed);
  }
}

function read(element: Element, directive: string | undefined, graphs: ReadonlyMap<string, string>): CacheMetadata {
  let hint = noHint;
  const tags = new Map<string, string[]>();
  for (const applied of directivesOf(element)) {
    const name = applied.name.value;
    if (name === directive) hint = stricter(hint, argumentsOf(applied) as CacheHint);
    if (name !== 'join__directive') continue;
    const { name: joined, graphs: of, args } = argumentsOf(applied) as unknown as JoinedDirective;
    if (!/(^|__)cacheTag$/.test(joined) || typeof args?.format !== 'string') continue;
    for (const graph of of ?? []) {
      const subgraph = graphs.get(graph) ?? graph;
      tags.set(subgraph, [...(tags.get(subgraph) ?? []), args.format]);
    }
  }
  return { hint, tags };
}

interface JoinedDirective {
  readonly name: string;
  readonly graphs?: readonly string[];
  readonly args?: { readonly format?: unknown };
}

function stricter(known: CacheHint, { maxAge, scope, inheritMaxAge }: CacheHint): CacheHint {
  if (known === noHint) return { maxAge, scope, inheritMaxAge };
  const ages = [known.maxAge, maxAge].filter((age) => age !== undefined);
  return {
    maxAge: ages.length > 0 ? Math.min(...ages) : undefined,
    scope: known.scope === 'PUBLIC' && scope === 'PUBLIC' ? 'PUBLIC' : 'PRIVATE',
    inheritMaxAge: known.inheritMaxAge === true && inheritMaxAge === true,
  };
}

/** How many subgraphs have the type. */
const owners = (element: Element): number =>
  new Set(
    directivesOf(element).flatMap((applied) =>
      applied.name.value === 'join__type' ? String(argumentsOf(applied)['graph']) : [],
    ),
  ).size;

/** What the schema calls a directive that has the name of its specification; undefined where it does not link one. */
function linkedName(schema: GraphQLSchema, specification: string): string | undefined {
  for (const applied of directivesOf(schema as Element)) {
    if (applied.name.value !== 'link') continue;
    const { url, as = specification, import: imports = [] } = argumentsOf(applied) as unknown as Link;
    if (!new RegExp(`/${specification}/v\\d+\\.\\d+/?$`).test(url ?? '')) continue;
    const imported = imports
      .map((entry) => (typeof entry === 'string' ? { name: entry } : entry))
      .find(({ name }) => name === `@${specification}`);
    return imported ? (imported.as ?? imported.name).slice(1) : as;
  }
  return undefined;
}

interface Link {
  readonly url?: string;
  readonly as?: string;
  readonly import?: readonly (string | { readonly name: string; readonly as?: string })[];
}

const directivesOf = ({ astNode, extensionASTNodes = [] }: Element): readonly ConstDirectiveNode[] =>
  [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);

/** As plain values; what is null counts as left out. */
function argumentsOf({ arguments: fields = [] }: ConstDirectiveNode): Record<string, unknown> {
  const values = valueFromASTUntyped({ kind: Kind.OBJECT, fields: fields as unknown as ObjectValueNode['fields'] });
  return Object.fromEntries(Object.entries(values as object).filter(([, value]) => value !== null));
}

import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES } from '@apollo/federation-internals';
import { type ConstDirectiveNode, type DocumentNode, GraphQLError, Kind, valueFromASTUntyped, visit } from 'graphql';

const CONNECT = 'https://specs.apollo.dev/connect';

/** Features of supergraphs that this router acts on, by URL with version. Connectors are none of them: what stands at their URLs speaks no GraphQL. */
export const supportedFeatures: ReadonlySet<string> = new Set(
  [...ROUTER_SUPPORTED_SUPERGRAPH_FEATURES].filter((url) => !url.startsWith(CONNECT)),
);

/** Those that decide about execution or security whatever their `for:` says. */
const effective = new Set(
  [CONNECT, ...supportedFeatures].map((url) => identityOf(url)).filter((url) => !/\/(core|link|join|tag)$/.test(url)),
);

interface Link {
  readonly url?: unknown;
  readonly feature?: unknown;
  readonly for?: unknown;
}

/**
 * One error for each feature that the supergraph needs and that this router does not have: its answers would be wrong. Such are what is
 * linked `for: EXECUTION` or `SECURITY`, Apollo's own in a version that is not known, and connectors, also where only their directives tell of them.
 */
export function unsupportedFeatures(supergraph: DocumentNode): GraphQLError[] {
  const found = new Map<string, GraphQLError>();
  const add = (feature: string, node: ConstDirectiveNode, purpose?: unknown): void => {
    if (found.has(feature)) return;
    const told = typeof purpose === 'string' ? ` is for: ${purpose} but` : '';
    const options = { nodes: node, extensions: { code: 'UNSUPPORTED_LINKED_FEATURE' } };
    found.set(feature, new GraphQLError(`feature ${feature}${told} is unsupported`, options));
  };
  const link = (node: ConstDirectiveNode, { url, feature = url, for: purpose }: Link): void => {
    if (typeof feature !== 'string' || supportedFeatures.has(feature.replace(/\/$/, ''))) return;
    const decisive = purpose === 'EXECUTION' || purpose === 'SECURITY';
    if (decisive || effective.has(identityOf(feature))) add(feature, node, purpose);
  };
  visit(supergraph, {
    Directive(node) {
      const directive = node as ConstDirectiveNode;
      const args = argumentsOf(directive);
      const name = node.name.value;
      if (name === 'link' || name === 'core') link(directive, args);
      else if (name === 'join__directive' && args.name === 'link') link(directive, (args.args ?? {}) as Link);
      else if (isConnector(name === 'join__directive' ? args.name : name, args)) {
        if (![...found.keys()].some((feature) => identityOf(feature) === CONNECT)) add(CONNECT, directive);
      }
    },
  });
  return [...found.values()];
}

/** `@connect` and `@source`, under their own names or below a namespace. */
const isConnector = (name: unknown, args: Record<string, unknown>): boolean =>
  typeof name === 'string' &&
  /^(connect|source|connect__(connect|source))$/.test(name) &&
  ('http' in args || 'selection' in args || 'args' in args);

function identityOf(url: string): string {
  return url.replace(/\/v\d+(\.\d+)*\/?$/, '');
}

const argumentsOf = ({ arguments: given = [] }: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries(
    given.map(({ name, value }) => [name.value, value.kind === Kind.ENUM ? value.value : valueFromASTUntyped(value)]),
  );

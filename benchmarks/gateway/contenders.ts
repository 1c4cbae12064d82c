import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root, seen from the compiled file. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Where a supergraph is served from and to. */
export interface Site {
  readonly supergraph: string;
  readonly port: number;
  /** Where spans go. */
  readonly collector: string;
  /** The same supergraph with rules on its fields, and the configuration of a router that enforces them. */
  readonly guarded: { readonly supergraph: string; readonly config: string };
  /** Configurations of a router whose edge does nothing, and all that it can. */
  readonly edge: { readonly nothing: string; readonly everything: string };
}

/** A gateway that takes part: how it is started, as its documentation says. */
export interface Contender {
  readonly name: string;
  /** Node.js when left out. */
  readonly program?: string;
  readonly args: (site: Site) => readonly string[];
  readonly cwd?: string;
}

interface Settings {
  readonly subgraphs?: boolean;
  readonly operations?: boolean;
  readonly guarded?: boolean;
  readonly edge?: keyof Site['edge'];
  /** The share of operations that are traced. */
  readonly traced?: number;
}

const ours = (
  name: string,
  { subgraphs = false, operations = false, guarded = false, edge, traced }: Settings = {},
): Contender => ({
  name,
  cwd: root,
  program: `${root}platformctl`,
  args: ({ supergraph, port, guarded: site, edge: edges, collector }) => [
    'router',
    '--supergraph',
    ...(guarded ? [site.supergraph, '--config', site.config] : [supergraph]),
    ...(edge ? ['--config', edges[edge]] : []),
    ...(traced === undefined ? [] : tracing(collector, traced)),
    '--port',
    String(port),
    '--set',
    `router.deduplication.subgraphs=${subgraphs}`,
    '--set',
    `router.deduplication.operations=${operations}`,
    '--set',
    'logging.level=warn',
  ],
});

const tracing = (collector: string, share: number): readonly string[] =>
  ['exporter=otlp', `endpoint=${collector}`, `sampleRatio=${share}`].flatMap((pair) => ['--set', `tracing.${pair}`]);

const peers = `${root}benchmarks/peers/`;
const hive = `${peers}hive/node_modules/@graphql-hive/gateway/dist/bin.js`;

const apollo: Contender = {
  name: '@apollo/gateway',
  cwd: peers,
  args: ({ supergraph, port }) => ['apollo-gateway.mjs', supergraph, String(port)],
};

const hiveGateway: Contender = {
  name: 'Hive Gateway',
  cwd: `${peers}hive`,
  args: ({ supergraph, port }) => [hive, 'supergraph', supergraph, '--port', String(port), '--host', '127.0.0.1'],
};

/** In the order of the table. */
export const contenders: readonly Contender[] = [
  apollo,
  ...(existsSync(hive) ? [hiveGateway] : []),
  ours('ours, nothing shared'),
  ours('ours, subgraph reads shared', { subgraphs: true }),
  ours('ours, queries shared too', { subgraphs: true, operations: true }),
];

/** What authentication and authorization cost: the same router without and with them. */
export const openAndGuarded: readonly Contender[] = [
  ours('ours, open to everybody'),
  ours('ours, authenticated and authorized', { guarded: true }),
];

/** What the edge costs: the same router with all of it off and on. */
export const edgeOffAndOn: readonly Contender[] = [
  ours('ours, nothing at the edge', { edge: 'nothing' }),
  ours('ours, everything at the edge', { edge: 'everything' }),
];

/** What tracing costs: the same router without it, with a hundredth of the operations traced, and with all of them. */
export const untracedAndTraced: readonly Contender[] = [
  ours('ours, no tracing'),
  ours('ours, one in a hundred traced', { traced: 0.01 }),
  ours('ours, everything traced', { traced: 1 }),
];

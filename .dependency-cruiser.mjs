/** The directions of dependencies (docs/architecture.md). Type-only imports count: a type is knowledge too. */

const ours = '^(packages|subgraphs|router|tools|tests|benchmarks)/';
const except = (...folders) =>
  `^(?!${folders.map((folder) => `${folder}/`).join('|')})(packages|subgraphs|router|tools|tests|benchmarks)/`;

/** `from` may not import `to`; the comment is what whoever breaks the rule reads. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to },
});

/** Packages from the foot of the stack upwards: each knows those of the lines before its own (docs/decisions/0104-packages-as-a-stack.md). */
const stack = [
  ['foundation'],
  ['postgres', 'redis', 'events', 'mail', 'subgraph-client', 'federation-engine', 'transparency-log'],
  ['embedded-postgres', 'outbox', 'kafka', 'auth', 'blobs'],
  ['mail-queue', 'contracts'],
  ['subgraph-server'],
];

/** Each line of the stack and what stands beside it or above it. */
const stackRules = stack.map((line, position) =>
  forbid(
    `stack-${line[0]}`,
    'Packages stand on each other in one direction.',
    `^packages/(${line.join('|')})/src/`,
    `^(packages/(?!$1/)(${stack.slice(position).flat().join('|')})|subgraphs(?!/[^/]+/contracts/)|router|tools|tests|benchmarks)/`,
  ),
);

/** Rooms of the federation engine from the foot upwards (docs/decisions/0106-rooms-of-the-engine.md). */
const engineRooms = [
  'base',
  'planning',
  'schema',
  'operation',
  'plan',
  'fetching',
  'authorization',
  'projection',
  'caching',
  'prepared',
  'execution',
];

/** Each room and what stands above it, the engine itself last. */
const engineRules = engineRooms.map((name, position) =>
  forbid(
    `engine-${name}`,
    'Rooms of the engine stand on each other in one direction.',
    `^packages/federation-engine/src/${name}/`,
    `^packages/federation-engine/src/(${[...engineRooms.slice(position + 1).map((above) => `${above}/`), '[^/]+$'].join('|')})`,
  ),
);

/** A room of every subgraph and the rooms that it may not know. */
const room = (name, comment, ...forbidden) =>
  forbid(
    `subgraph-${name}`,
    comment,
    `^subgraphs/([^/]+)/src/${name}/`,
    `^subgraphs/$1/src/(${forbidden.map((other) => (other === 'main' ? 'main\\.ts$' : `${other}/`)).join('|')})`,
  );

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one thing, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-cycles-of-folders',
      comment: 'So do rooms of a package.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^packages/' },
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'Of what cannot be found no rule can be checked.',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true, path: '^(\\.|@platform/)' },
    },
    ...stackRules,
    ...engineRules,
    forbid(
      'contracts-are-known-by-one-name',
      'What subgraphs may know of each other they know by @platform/contracts.',
      '^(?!packages/contracts/)(packages|subgraphs(?!/[^/]+/contracts/)|router|tools)/',
      '^subgraphs/[^/]+/contracts/',
    ),
    forbid(
      'contracts-know-no-code',
      'The events of a subgraph are known by who knows nothing else of it.',
      '^subgraphs/([^/]+)/contracts/',
      except('subgraphs/$1/contracts', 'packages/(events|foundation)'),
    ),
    forbid(
      'subgraphs-meet-in-the-schema',
      'A subgraph knows packages; other subgraphs it meets in the schema or in an event.',
      '^subgraphs/([^/]+)/src/',
      except('subgraphs/$1', 'packages'),
    ),
    forbid(
      'router-knows-no-subgraph',
      'The router knows subgraphs by schema and URL, and has no database.',
      '^router/src/',
      except('router', 'packages/(auth|contracts|events|federation-engine|foundation|mail|redis|subgraph-client)'),
    ),
    forbid(
      'runtime-puts-together',
      'What is put together does not know by what.',
      '^(packages/(?!runtime/)[^/]+|subgraphs/[^/]+|router)/src/',
      '^packages/runtime/',
    ),
    forbid(
      'tests-are-for-tests',
      'Nothing that ships needs what tests need.',
      '^(packages/(?!testkit/)[^/]+|subgraphs/[^/]+|router|tools/[^/]+)/src/',
      '^((packages/testkit|tests|benchmarks)/|[^.]+/test/)',
    ),

    room('entities', 'State and its rules know no one.', 'services', 'loaders', 'resolvers', 'events', 'main'),
    room('services', 'Services decide; they know entities.', 'loaders', 'resolvers', 'events', 'main'),
    room('loaders', 'Loaders read; they know entities.', 'services', 'resolvers', 'events', 'main'),
    room('resolvers', 'Resolvers translate to loaders and services.', 'events', 'main'),
    room('events', 'Handlers of events call services.', 'loaders', 'resolvers', 'main'),

    forbid(
      'router-stages',
      'A stage knows the engine, not who runs it.',
      '^router/src/stages/',
      '^router/src/(pipeline|main|transports/)',
    ),
    forbid(
      'router-pipeline',
      'Every transport runs the pipeline; it knows none.',
      '^router/src/pipeline',
      '^router/src/(main|transports/)',
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.data|coverage)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    webpackConfig: { fileName: new URL('tests/architecture/source-aliases.config.mjs', import.meta.url).pathname },
  },
};

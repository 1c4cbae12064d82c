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
      name: 'resolvable',
      comment: 'Of what cannot be found no rule can be checked.',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true, path: '^(\\.|@platform/)' },
    },
    forbid('kernel-stands-alone', 'The kernel has no domain word.', '^packages/kernel/src/', except('packages/kernel')),
    forbid(
      'contracts-know-the-kernel',
      'Contracts are data that everybody may know.',
      '^packages/contracts/src/',
      except('packages/contracts', 'packages/kernel'),
    ),
    forbid(
      'subgraphs-meet-in-the-schema',
      'A subgraph knows contracts and the kernel; others it meets in the schema or in an event.',
      '^subgraphs/([^/]+)/src/',
      except('subgraphs/$1', 'packages/contracts', 'packages/kernel'),
    ),
    forbid(
      'router-knows-no-subgraph',
      'The router knows subgraphs by schema and URL.',
      '^router/src/',
      except('router', 'packages/contracts', 'packages/kernel'),
    ),
    forbid(
      'tests-are-for-tests',
      'Nothing that ships needs what tests need.',
      '^(packages/(kernel|contracts)|subgraphs/[^/]+|router|tools/[^/]+)/src/',
      '^((packages/testkit|tests|benchmarks)/|[^.]+/test/)',
    ),

    room('entities', 'State and its rules know no one.', 'services', 'loaders', 'resolvers', 'events', 'main'),
    room('services', 'Services decide; they know entities.', 'loaders', 'resolvers', 'events', 'main'),
    room('loaders', 'Loaders read; they know entities.', 'services', 'resolvers', 'events', 'main'),
    room('resolvers', 'Resolvers translate to loaders and services.', 'events', 'main'),
    room('events', 'Handlers of events call services.', 'loaders', 'resolvers', 'main'),

    forbid(
      'router-engine',
      'The engine runs without the rest of the router.',
      '^router/src/engine/',
      '^router/src/(?!engine/)',
    ),
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

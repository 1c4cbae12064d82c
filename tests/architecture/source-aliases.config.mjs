/** Where a workspace package's faces have their source, below the working directory: rules speak of what is written, not of what is compiled. */
const sources = (...paths) => paths.map((path) => `${process.cwd()}/${path}`);

export default {
  resolve: {
    alias: {
      '@platform/federation-engine/composition$': sources('packages/federation-engine/src/composition.ts'),
      '@platform/router$': sources('router/src/main.ts'),
      '@platform/runtime/*': sources('packages/runtime/src/*.ts'),
      '@platform/contracts/*': sources('packages/contracts/src/*.ts'),
      '@platform/platformctl/*': sources('tools/platformctl/src/*.ts'),
      '@platform/audit/*': sources('subgraphs/audit/src/*/index.ts'),
      ...Object.fromEntries(
        ['foundation', 'postgres', 'redis', 'subgraph-client', 'subgraph-server'].map((name) => [
          `@platform/${name}/*`,
          sources(`packages/${name}/src/*/index.ts`),
        ]),
      ),
      '@platform/*-contracts': sources('subgraphs/*/contracts/src/index.ts'),
      '@platform/*': sources('packages/*/src/index.ts', 'subgraphs/*/src/main.ts', 'tools/*/src/main.ts'),
    },
  },
};

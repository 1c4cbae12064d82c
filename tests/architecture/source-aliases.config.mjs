/** Where a workspace package's faces have their source, below the working directory: rules speak of what is written, not of what is compiled. */
const source = (path) => `${process.cwd()}/${path}`;

export default {
  resolve: {
    alias: {
      '@platform/kernel/*': source('packages/kernel/src/*/index.ts'),
      '@platform/contracts/*': source('packages/contracts/src/*.ts'),
      '@platform/contracts$': source('packages/contracts/src/index.ts'),
      '@platform/testkit$': source('packages/testkit/src/index.ts'),
      '@platform/router/engine$': source('router/src/engine/index.ts'),
      '@platform/router/composition$': source('router/src/engine/composition.ts'),
      '@platform/router$': source('router/src/main.ts'),
      '@platform/platformctl/*': source('tools/platformctl/src/*.ts'),
      '@platform/platformctl$': source('tools/platformctl/src/main.ts'),
      '@platform/*': source('subgraphs/*/src/main.ts'),
    },
  },
};

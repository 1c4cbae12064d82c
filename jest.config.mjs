const source = '<rootDir>';

/** One project for the whole repository: packages are read from their sources, so that coverage speaks of what was written. */
export default {
  testMatch: ['**/test/**/*.test.ts', '<rootDir>/tests/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: true,
      },
    ],
  },
  moduleNameMapper: {
    '^@platform/kernel/(.*)$': `${source}/packages/kernel/src/$1/index.ts`,
    '^@platform/(contracts|testkit)$': `${source}/packages/$1/src/index.ts`,
    '^@platform/contracts/(.*)$': `${source}/packages/contracts/src/$1.ts`,
    '^@platform/(identity|authz|audit|blog)$': `${source}/subgraphs/$1/src/main.ts`,
    '^@platform/audit/(.*)$': `${source}/subgraphs/audit/src/$1/index.ts`,
    '^@platform/router$': `${source}/router/src/main.ts`,
    '^@platform/router/engine$': `${source}/router/src/engine/index.ts`,
    '^@platform/router/composition$': `${source}/router/src/engine/composition.ts`,
    '^@platform/platformctl$': `${source}/tools/platformctl/src/main.ts`,
    '^@platform/platformctl/(.*)$': `${source}/tools/platformctl/src/$1.ts`,
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'packages/*/src/**/*.ts',
    'subgraphs/*/src/**/*.ts',
    'router/src/**/*.ts',
    'tools/*/src/**/*.ts',
  ],
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  coverageThreshold: { global: { lines: 80 } },
  globalSetup: '<rootDir>/scripts/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/scripts/jest-global-teardown.mjs',
  maxWorkers: '100%',
  // Modules of a finished suite are not freed: a worker that has grown is started anew between two suites.
  workerIdleMemoryLimit: '1GB',
  // For what hangs. A test that is held to a time says so itself; a busy machine must not fail the others.
  testTimeout: 180_000,
};

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
    '^@platform/router$': `${source}/router/src/main.ts`,
    '^@platform/([^/]+)-contracts$': `${source}/subgraphs/$1/contracts/src/index.ts`,
    '^@platform/([^/]+)$': [
      `${source}/packages/$1/src/index.ts`,
      `${source}/subgraphs/$1/src/main.ts`,
      `${source}/tools/$1/src/main.ts`,
    ],
    '^@platform/([^/]+)/(.+)$': [
      `${source}/packages/$1/src/$2/index.ts`,
      `${source}/packages/$1/src/$2.ts`,
      `${source}/subgraphs/$1/src/$2/index.ts`,
      `${source}/tools/$1/src/$2.ts`,
    ],
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/', '/.data/', '/templates/'],
  testPathIgnorePatterns: ['/node_modules/', '/templates/'],
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

import { swcOptions } from './scripts/swc-options.mjs';

const source = '<rootDir>';

/** What all projects share: packages are read from their sources, so that coverage speaks of what was written. */
const common = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
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
};

const withServices = {
  globalSetup: '<rootDir>/scripts/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/scripts/jest-global-teardown.mjs',
};

const everywhere = ['**/test/**/*.test.ts', '<rootDir>/tests/**/*.test.ts'];
const ignored = ['/node_modules/', '/templates/'];
/** Whose tests need no service. */
const packagesAlone = ['events', 'federation-engine', 'foundation', 'subgraph-client', 'transparency-log'];

export default {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: [`<rootDir>/packages/{${packagesAlone}}/test/**/*.test.ts`],
      testPathIgnorePatterns: ignored,
    },
    {
      ...common,
      ...withServices,
      displayName: 'integration',
      testMatch: everywhere,
      testPathIgnorePatterns: [...ignored, `/packages/(${packagesAlone.join('|')})/`, '\\.timed\\.test\\.ts$'],
    },
    {
      ...common,
      ...withServices,
      displayName: 'timed',
      // What a neighbour's work would change runs alone, after the others.
      testMatch: everywhere.map((pattern) => pattern.replace('.test.ts', '.timed.test.ts')),
      testPathIgnorePatterns: ignored,
      runner: '<rootDir>/scripts/jest-serial-runner.mjs',
    },
  ],
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'packages/*/src/**/*.ts',
    'subgraphs/*/src/**/*.ts',
    'router/src/**/*.ts',
    'tools/*/src/**/*.ts',
  ],
  coverageReporters: ['text-summary', 'json-summary', 'lcov'],
  coverageThreshold: { global: { lines: 80 } },
  maxWorkers: '100%',
  // Modules of a finished suite are not freed: a worker that has grown is started anew between two suites.
  workerIdleMemoryLimit: '1GB',
  // For what hangs. A test that is held to a time says so itself; a busy machine must not fail the others.
  testTimeout: 180_000,
};

/** How the services that global setup started are made known to the test files, which run in processes of their own. */
const names = {
  /** A login that may create databases and roles. */
  databaseUrl: 'TEST_DATABASE_URL',
  /** The prepared database that every test database is copied from. */
  databaseTemplate: 'TEST_DATABASE_TEMPLATE',
  /** Absent when the machine has no Redis. */
  redisUrl: 'TEST_REDIS_URL',
  /** Where to ask for the brokers of Kafka (see onDemand); absent when the machine can run none. */
  kafkaDesk: 'TEST_KAFKA_DESK',
  /** The file that takes the names of skipped suites, one a line; absent when nobody reads it. */
  skippedSuites: 'TEST_SKIPPED_SUITES',
} as const;

export const service = (name: keyof typeof names): string | undefined => process.env[names[name]] || undefined;

export function announce(name: keyof typeof names, value: string): void {
  process.env[names[name]] = value;
}

/** Takes a developer's own service out of the environment, so that nothing under test reaches it by accident. */
export function take(variable: 'DATABASE_URL' | 'REDIS_URL' | 'KAFKA_BROKERS'): string | undefined {
  const value = process.env[variable];
  delete process.env[variable];
  return value || undefined;
}

/** Distinguishes the processes of one run: 1, 2, … */
export const workerNumber = (): number => Number(process.env['JEST_WORKER_ID'] ?? 1);

/** The least that a program needs of the surroundings; nothing of the test run's own. */
export const bareEnvironment = (): Record<string, string | undefined> => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
});

/** How long random tests go on, and where they start: `TEST_RANDOM_RUNS` operations from `TEST_RANDOM_SEED` on. */
export const randomRuns = (runs: number): { runs: number; seed: number } => ({
  runs: Number(process.env['TEST_RANDOM_RUNS'] ?? runs),
  seed: Number(process.env['TEST_RANDOM_SEED'] ?? 1),
});

/** A number by which a run of the tests is made longer or repeated: the environment variable of that name. */
export const runSetting = (
  name: `${string}_${'SECONDS' | 'EVENTS' | 'FAULTS' | 'REQUESTS' | 'ROUNDS' | 'ROWS' | 'SEED'}`,
  otherwise: number,
): number => Number(process.env[name] ?? otherwise);

import { join, resolve } from 'node:path';
import { CompositionFailed } from '@platform/federation-engine';
import {
  type ConfigOptions,
  environmentName,
  InvalidConfig,
  loadConfig,
  projectRoot,
  type RedisConfig,
} from '@platform/foundation/config';
import { ErrorBus, logSink } from '@platform/foundation/errors';
import { Health } from '@platform/foundation/health';
import { Lifecycle, runUntilSignal } from '@platform/foundation/lifecycle';
import { createLogger, type Logger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { Tracing } from '@platform/foundation/tracing';
import { isWorker, shareMetrics, WorkerPool } from '@platform/foundation/workers';
import {
  createStandaloneRouter,
  mistakesAboutSubgraphs,
  type Router,
  type StandaloneConfig,
  type SupergraphSource,
  standaloneSections,
} from '@platform/router';
import { reloadConfig } from './reload-config.js';
import { supergraphFile } from './supergraph-source.js';
import { UnusableFile } from './unusable-file.js';
import { uplinkSource } from './uplink-source.js';
import { version } from './version.js';

/** What a router that stands alone is told on its command line. */
export interface StandaloneOptions {
  /** The composed supergraph SDL. */
  readonly supergraph?: string;
  readonly port?: string;
  /** A YAML file with what differs from config/router/default.yaml. */
  readonly config?: string;
  /** Processes that share the port. */
  readonly workers: number;
  readonly set: string[];
}

/** Runs the router alone in this process, or in several, in front of anybody's subgraphs. */
export const startStandaloneRouter = (options: StandaloneOptions): Promise<void> =>
  options.workers > 1 && !isWorker() ? runWorkers(options) : run(options);

/** The process that runs the others serves nothing itself. */
async function runWorkers(options: StandaloneOptions): Promise<void> {
  const { logging, server } = loadConfig(standaloneSections, configOptions(options));
  const logger = createLogger(logging, { name: 'router' });
  const errors = new ErrorBus().addSink(logSink(logger));
  const pool = new WorkerPool({ count: options.workers, logger, shutdownTimeout: server.shutdownTimeout });
  await runUntilSignal(pool, logger, errors, async () => pool.reload());
}

async function run(options: StandaloneOptions): Promise<void> {
  const read = () => loadConfig(standaloneSections, configOptions(options));
  const config = await readFully(read, options);
  const logger = createLogger(config.logging, { name: 'router' });
  const tracing = new Tracing(config.tracing, { service: 'router', version: version() });
  const metrics = new Metrics();
  if (isWorker()) metrics.readFrom(shareMetrics(metrics));
  const errors = new ErrorBus().countIn(metrics).addSink(logSink(logger));
  const health = new Health({ metrics });
  const { redis, parts } = await sharedRedis(config.redis, logger, health);
  const { origin, source } = supergraphOf(options, config, logger);
  const sdl = await readFirst(origin, source);
  const foundation = { config, logger, metrics, errors, health, redis, port: 4000 };
  const router = composed(origin, () => createStandaloneRouter({ ...foundation, sdl, source }));

  const root = new Lifecycle(logger, { name: 'router', shutdownTimeout: config.server.shutdownTimeout });
  root.add(tracing, ...parts, router.part);
  const reload = reloadConfig(logger, read, ({ router: settings }) => router.reload(settings));
  await runUntilSignal(root, logger, errors, reload);
}

/** @throws InvalidConfig with every mistake, also those that only the supergraph shows. */
async function readFully(read: () => StandaloneConfig, { supergraph }: StandaloneOptions): Promise<StandaloneConfig> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    const { mistakes, written } = error;
    const router = written['router'] as { readonly supergraph?: unknown } | undefined;
    const file = supergraph === undefined ? router?.supergraph : resolve(supergraph);
    if (typeof file !== 'string') throw error;
    const sdl = await supergraphFile(file)
      .read()
      .catch(() => '');
    throw new InvalidConfig([...new Set([...mistakes, ...mistakesAboutSubgraphs(written, sdl)])]);
  }
}

/** What several routers count in; its client is loaded where there is one. */
async function sharedRedis(config: RedisConfig, logger: Logger, health: Health) {
  if (config.url === null) return { redis: null, parts: [] };
  const { connectRedis, redisHealthCheck, redisComponent } = await import('@platform/redis/connection');
  const redis = connectRedis(config, logger);
  health.add(redisHealthCheck(redis));
  return { redis, parts: [redisComponent(redis, config.connectTimeout)] };
}

const configOptions = ({ config, port, set }: StandaloneOptions): ConfigOptions => ({
  directory: join(projectRoot(), 'config', 'router'),
  environment: environmentName() === 'development' ? 'development' : 'production',
  file: config,
  set: [...(port === undefined ? [] : [`server.port=${port}`]), ...set],
});

/** Where the supergraph comes from, and how messages call it. @throws InvalidConfig when neither the command line nor the configuration says. */
function supergraphOf(
  { supergraph }: StandaloneOptions,
  { apollo, router }: StandaloneConfig,
  logger: Logger,
): { origin: string; source: SupergraphSource } {
  const file = supergraph === undefined ? router.supergraph : resolve(supergraph);
  const uplink = supergraph === undefined ? uplinkSource({ apollo, directory: router.dataDir }, logger) : undefined;
  if (uplink) return { origin: `Uplink's ${apollo.graphRef}`, source: uplink };
  if (file !== null) return { origin: file, source: supergraphFile(file) };
  throw new InvalidConfig(['router.supergraph: is required; give --supergraph FILE']);
}

async function readFirst(file: string, source: SupergraphSource): Promise<string> {
  try {
    return await source.read();
  } catch (error) {
    throw new UnusableFile(file, error as Error);
  }
}

function composed(file: string, compose: () => Router): Router {
  try {
    return compose();
  } catch (error) {
    throw error instanceof CompositionFailed ? new UnusableFile(file, error) : error;
  }
}

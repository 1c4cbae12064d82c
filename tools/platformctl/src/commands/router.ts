import { join, resolve } from 'node:path';
import { connectRedis, redisHealthCheck, redisPart } from '@platform/kernel/cache';
import { type ConfigOptions, environmentName, InvalidConfig, loadConfig, projectRoot } from '@platform/kernel/config';
import { ErrorBus, logSink } from '@platform/kernel/errors';
import { Health } from '@platform/kernel/health';
import { Lifecycle, runUntilSignal } from '@platform/kernel/lifecycle';
import { createLogger } from '@platform/kernel/logging';
import { Metrics } from '@platform/kernel/metrics';
import { composeStandAloneRouter, type Router, type SupergraphSource, standAloneSections } from '@platform/router';
import { CompositionFailed } from '@platform/router/engine';
import { Command } from 'commander';
import { type SetOption, setOption, UnusableFile } from '../options.js';
import { reloadOnHangup } from '../platform/reload-on-hangup.js';
import { supergraphFile } from '../platform/supergraph-source.js';

interface RouterOptions extends SetOption {
  readonly supergraph?: string;
  readonly port?: string;
  readonly config?: string;
}

/** `platformctl router --supergraph FILE --port PORT [--config FILE]`: the router alone, in front of anybody's subgraphs. */
export const routerCommand = (): Command =>
  new Command('router')
    .description('run the router alone on a composed supergraph')
    .option('--supergraph <file>', 'the composed supergraph SDL')
    .option('--port <port>', 'the port to listen on (4000)')
    .option('--config <file>', 'a YAML file with what differs from config/router/default.yaml')
    .addOption(setOption())
    .action(run);

async function run(options: RouterOptions): Promise<void> {
  const read = () => loadConfig(standAloneSections, configOptions(options));
  const config = read();
  const logger = createLogger(config.logging, { name: 'router' });
  const metrics = new Metrics();
  const errors = new ErrorBus().addSink(logSink(logger));
  const redis = config.redis.url === null ? null : connectRedis(config.redis, logger);
  const file = supergraphOf(options, config.router.supergraph);
  const source = supergraphFile(file);
  const sdl = await readFirst(file, source);
  const health = new Health({ metrics });
  const foundation = { config, logger, metrics, errors, health, redis, port: 4000 };
  const router = composed(file, () => composeStandAloneRouter({ ...foundation, sdl, source }));

  const root = new Lifecycle(logger, { name: 'router', shutdownTimeout: config.server.shutdownTimeout });
  if (redis) {
    health.add(redisHealthCheck(redis));
    root.add(redisPart(redis, config.redis.connectTimeout));
  }
  root.add(router.part, reloadOnHangup(logger, router, read));
  await runUntilSignal(root, logger, errors);
}

const configOptions = ({ config, port, set }: RouterOptions): ConfigOptions => ({
  directory: join(projectRoot(), 'config', 'router'),
  environment: environmentName() === 'development' ? 'development' : 'production',
  file: config,
  set: [...(port === undefined ? [] : [`server.port=${port}`]), ...set],
});

/** @throws InvalidConfig when neither the command line nor the configuration names a supergraph. */
function supergraphOf({ supergraph }: RouterOptions, configured: string | null): string {
  if (supergraph !== undefined) return resolve(supergraph);
  if (configured !== null) return configured;
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

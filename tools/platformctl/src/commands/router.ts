import { startStandaloneRouter } from '@platform/runtime/start-standalone-router';
import { Command, InvalidArgumentError, Option } from 'commander';
import { setOption } from '../options.js';

/** `platformctl router --supergraph FILE --port PORT [--config FILE]`: the router alone, in front of anybody's subgraphs. */
export const routerCommand = (): Command =>
  new Command('router')
    .description('run the router alone on a composed supergraph')
    .option('--supergraph <file>', 'the composed supergraph SDL')
    .option('--port <port>', 'the port to listen on (4000)')
    .option('--config <file>', 'a YAML file with what differs from config/router/default.yaml')
    .addOption(
      new Option('--workers <count>', 'processes that share the port, one per core at best')
        .argParser((text) => count(text))
        .default(1),
    )
    .addOption(setOption())
    .action(startStandaloneRouter);

function count(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > 128)
    throw new InvalidArgumentError('Give a number from 1 to 128.');
  return workers;
}

import { readFile } from 'node:fs/promises';
import { kernelSections, loadConfig } from '@platform/kernel/config';
import { runUntilSignal } from '@platform/kernel/lifecycle';
import { composeStandAloneRouter, routerSections } from '@platform/router';
import { Command } from 'commander';
import { type SetOption, setOption } from '../options.js';
import { foundation } from '../platform/foundation.js';

/** `platformctl router --supergraph FILE --port PORT`: the router alone, in front of anybody's subgraphs. */
export const routerCommand = (): Command =>
  new Command('router')
    .description('run the router alone on a composed supergraph')
    .requiredOption('--supergraph <file>', 'the composed supergraph SDL')
    .option('--port <port>', 'the port to listen on', Number, 4000)
    .addOption(setOption())
    .action(async ({ supergraph, port, set }: SetOption & { supergraph: string; port: number }) => {
      const config = loadConfig({ ...kernelSections, ...routerSections }, { set: [`server.port=${port}`, ...set] });
      const shared = foundation(config, 'router');
      const { part } = await composeStandAloneRouter({ ...shared, sdl: await readFile(supergraph, 'utf8'), port });
      await runUntilSignal(part, shared.logger, shared.errors);
    });

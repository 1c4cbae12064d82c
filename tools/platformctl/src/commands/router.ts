import { readFileSync } from 'node:fs';
import { loadConfig } from '@platform/kernel/config';
import { runUntilSignal } from '@platform/kernel/lifecycle';
import { composeStandAloneRouter } from '@platform/router';
import { CompositionFailed } from '@platform/router/engine';
import { Command } from 'commander';
import { type SetOption, setOption, UnusableFile } from '../options.js';
import { foundation } from '../platform/foundation.js';
import { routerProcessSections } from '../platform/router-process.js';

/** Alone, a router calls no subgraph on the platform's behalf. */
const { callerToken, ...sections } = routerProcessSections;

/** `platformctl router --supergraph FILE --port PORT`: the router alone, in front of anybody's subgraphs. */
export const routerCommand = (): Command =>
  new Command('router')
    .description('run the router alone on a composed supergraph')
    .requiredOption('--supergraph <file>', 'the composed supergraph SDL')
    .option('--port <port>', 'the port to listen on', '4000')
    .addOption(setOption())
    .action(async ({ supergraph, port, set }: SetOption & { supergraph: string; port: string }) => {
      const config = loadConfig(sections, { set: [`server.port=${port}`, ...set] });
      const shared = foundation(config, 'router');
      const sdl = readText(supergraph);
      const { part } = await composeStandAloneRouter({ ...shared, sdl, port: Number(port) }).catch((error: unknown) => {
        throw error instanceof CompositionFailed ? new UnusableFile(supergraph, error) : error;
      });
      await runUntilSignal(part, shared.logger, shared.errors);
    });

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnusableFile(file, error as Error);
  }
}

import { type Config, InvalidConfig, kernelSections, loadConfig } from '@platform/kernel/config';
import { runUntilSignal } from '@platform/kernel/lifecycle';
import { routerSections } from '@platform/router';
import { Argument, Command } from 'commander';
import { type SetOption, setOption } from '../options.js';
import { routerProcess } from '../platform/router-process.js';
import { subgraphProcess } from '../platform/subgraph-process.js';
import { type SubgraphName, subgraphNames, subgraphs } from '../platform/subgraphs.js';

/** `platformctl start <process>`: the router or one subgraph in a process of its own, beside an external PostgreSQL and Redis. */
export const startCommand = (): Command =>
  new Command('start')
    .description('run the router or one subgraph in a process of its own')
    .addArgument(new Argument('<process>').choices(['router', ...subgraphNames]))
    .addOption(setOption())
    .action(async (name: 'router' | SubgraphName, { set }: SetOption) => {
      const { root, logger, errors } = name === 'router' ? await startRouter(set) : await startSubgraph(name, set);
      await runUntilSignal(root, logger, errors);
    });

function startRouter(set: string[]) {
  const config = loadConfig({ ...kernelSections, ...routerSections }, { set });
  demand(config, ['redis.url', 'callerToken.privateKey']);
  return routerProcess(config);
}

function startSubgraph(name: SubgraphName, set: string[]) {
  const { definition, port } = subgraphs[name];
  const config = loadConfig({ ...kernelSections, ...definition.sections }, { set });
  demand(config, ['database.url', 'redis.url']);
  return subgraphProcess(definition, port, config);
}

/** What may be missing in the embedded topology but not here. */
function demand(config: Config<typeof kernelSections>, keys: readonly string[]): void {
  const missing = keys.filter((key) => {
    const [section = '', name = ''] = key.split('.');
    return (config as never as Record<string, Record<string, unknown>>)[section]?.[name] == null;
  });
  if (missing.length > 0) {
    throw new InvalidConfig(missing.map((key) => `${key}: is required when processes run apart`));
  }
}

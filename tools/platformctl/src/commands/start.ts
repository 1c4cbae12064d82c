import { kernelSections, loadConfig } from '@platform/kernel/config';
import { runUntilSignal } from '@platform/kernel/lifecycle';
import { Argument, Command } from 'commander';
import { type SetOption, setOption } from '../options.js';
import { routerProcess, routerProcessSections } from '../platform/router-process.js';
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
  const required = ['redis.url', 'callerToken.privateKey'];
  const read = () => loadConfig(routerProcessSections, { set, required });
  return routerProcess(read(), read);
}

function startSubgraph(name: SubgraphName, set: string[]) {
  const { definition, port } = subgraphs[name];
  const required = ['database.url', 'redis.url'];
  const config = loadConfig({ ...kernelSections, ...definition.sections }, { set, required });
  return subgraphProcess(definition, port, config);
}

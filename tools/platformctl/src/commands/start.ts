import { loadConfig, processSections } from '@platform/foundation/config';
import { runUntilSignal } from '@platform/foundation/lifecycle';
import { Argument, Command } from 'commander';
import { type SetOption, setOption } from '../options.js';
import { type SubgraphName, subgraphNames } from '../platform/modules.js';

/** `platformctl start <process>`: the router or one subgraph in a process of its own, beside an external PostgreSQL and Redis. Each loads only its own code. */
export const startCommand = (): Command =>
  new Command('start')
    .description('run the router or one subgraph in a process of its own')
    .addArgument(new Argument('<process>').choices(['router', ...subgraphNames]))
    .addOption(setOption())
    .action(async (name: 'router' | SubgraphName, { set }: SetOption) => {
      const { root, logger, errors, reload } =
        name === 'router' ? await startRouter(set) : await startSubgraph(name, set);
      await runUntilSignal(root, logger, errors, reload);
    });

async function startRouter(set: string[]) {
  const { routerProcess, routerProcessSections } = await import('../platform/router-process.js');
  const required = ['redis.url', 'callerToken.privateKey'];
  const read = () => loadConfig(routerProcessSections, { set, required, deployed: ['api.publicUrl'] });
  return routerProcess(read(), read);
}

async function startSubgraph(name: SubgraphName, set: string[]) {
  const [{ subgraphProcess }, { subgraphs }] = await Promise.all([
    import('../platform/subgraph-process.js'),
    import('../platform/subgraphs.js'),
  ]);
  const { definition, port } = subgraphs[name];
  const required = ['database.url', 'redis.url'];
  // Without brokers events would stay in this process: nothing would be audited, and nobody told of the deleted.
  const deployed = [...(definition.needs ?? []), 'kafka.brokers'];
  const read = () => loadConfig({ ...processSections, ...definition.sections }, { set, required, deployed });
  return subgraphProcess(definition, port, read(), read);
}

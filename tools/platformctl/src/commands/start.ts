import { type SubgraphName, subgraphNames } from '@platform/runtime/modules';
import { startProcess } from '@platform/runtime/start-process';
import { Argument, Command } from 'commander';
import { type SetOption, setOption } from '../options.js';

/** `platformctl start <process>`: the router or one subgraph in a process of its own. */
export const startCommand = (): Command =>
  new Command('start')
    .description('run the router or one subgraph in a process of its own')
    .addArgument(new Argument('<process>').choices(['router', ...subgraphNames]))
    .addOption(setOption())
    .action((name: 'router' | SubgraphName, { set }: SetOption) => startProcess(name, set));

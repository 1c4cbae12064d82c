import { loadConfig, processSections } from '@platform/foundation/config';
import { runUntilSignal } from '@platform/foundation/lifecycle';
import type { ModuleManifest } from '@platform/subgraph-server/modules';
import { readModules, type SubgraphName } from './modules.js';

/** Runs the router or one subgraph in this process, beside an external PostgreSQL and Redis. Each loads only its own code. @param set `key=value`, over files and environment */
export async function startProcess(name: 'router' | SubgraphName, set: string[]): Promise<void> {
  const { root, logger, errors, reload } = name === 'router' ? await startRouter(set) : await startSubgraph(name, set);
  await runUntilSignal(root, logger, errors, reload);
}

async function startRouter(set: string[]) {
  const { routerProcess, routerProcessSections } = await import('./router-process.js');
  const required = ['redis.url', 'callerToken.privateKey'];
  const read = () => loadConfig(routerProcessSections, { set, required, deployed: ['api.publicUrl'] });
  return routerProcess(read(), read);
}

async function startSubgraph(name: SubgraphName, set: string[]) {
  const [{ subgraphProcess }, { definitions }] = await Promise.all([
    import('./subgraph-process.js'),
    import('./subgraphs.js'),
  ]);
  const definition = definitions[name];
  const { port } = readModules().get(name) as ModuleManifest;
  const required = ['database.url', 'redis.url'];
  // Without brokers events would stay in this process: nothing would be audited, and nobody told of the deleted.
  const deployed = [...(definition.needs ?? []), 'kafka.brokers'];
  const read = () => loadConfig({ ...processSections, ...definition.sections }, { set, required, deployed });
  return subgraphProcess(definition, port, read(), read);
}

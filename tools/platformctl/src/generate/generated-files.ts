import { kernelSections, loadConfig } from '@platform/kernel/config';
import { InProcessBus } from '@platform/kernel/events';
import { assembleSubgraph } from '@platform/kernel/subgraph';
import { composeSupergraph } from '@platform/router/composition';
import { foundation } from '../platform/foundation.js';
import { readModules } from '../platform/modules.js';
import { orderedDefinitions, subgraphSections } from '../platform/subgraphs.js';
import { listedSchemas } from '../supergraph/listed-schemas.js';
import { assertAccessDeclared } from '../supergraph/public-fields.js';
import { permissionTable } from './permission-table.js';
import type { GeneratedFile } from './settle.js';

/** Every generated file of the repository, as its sources say now. @throws CompositionFailed, InvalidModules */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const schemas = await printedSchemas();
  return [
    { path: 'packages/contracts/src/permissions.generated.ts', content: permissionTable(readModules().ordered) },
    ...schemas.map(({ name, typeDefs }) => ({ path: `subgraphs/${name}/schema.graphql`, content: typeDefs })),
    supergraphFile(new Map(schemas.map((schema) => [schema.name, schema]))),
  ];
}

/** The supergraph that is committed: composed with the URLs of supergraph.yaml. @throws CompositionFailed, UndeclaredAccess */
export function supergraphFile(printed?: ReadonlyMap<string, { typeDefs: string }>): GeneratedFile {
  const { discovery } = loadConfig(kernelSections, { environment: 'development' });
  const { sdl } = composeSupergraph(listedSchemas({ ...discovery, routingUrls: {} }, printed));
  assertAccessDeclared(sdl);
  return { path: 'router/supergraph.graphql', content: sdl };
}

/** The SDL of each subgraph, printed from its code; nothing is started. */
export async function printedSchemas(): Promise<{ name: string; typeDefs: string }[]> {
  const config = loadConfig({ ...kernelSections, ...subgraphSections }, { environment: 'development', env: {} });
  const shared = {
    ...foundation({ ...config, logging: { ...config.logging, level: 'warn' } }, 'generate'),
    databaseUrl: 'postgres://localhost/nowhere',
    bus: new InProcessBus(),
    endpoint: () => ({ execute: () => Promise.reject(new Error('Nothing is called while schemas are printed')) }),
  };
  const printed: { name: string; typeDefs: string }[] = [];
  for (const definition of orderedDefinitions()) printed.push(await assembleSubgraph(definition, shared));
  return printed;
}

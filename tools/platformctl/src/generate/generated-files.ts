import { relative } from 'node:path';
import { kernelSections, loadConfig, projectRoot } from '@platform/kernel/config';
import { readSupergraphConfig } from '@platform/kernel/discovery';
import { InProcessBus } from '@platform/kernel/events';
import { assembleSubgraph } from '@platform/kernel/subgraph';
import { composeSupergraph } from '@platform/router/engine';
import { foundation } from '../platform/foundation.js';
import { orderedDefinitions, readModules, subgraphSections } from '../platform/subgraphs.js';
import { assertAccessDeclared } from '../supergraph/public-fields.js';
import { permissionTable } from './permission-table.js';
import type { GeneratedFile } from './settle.js';

/** Every generated file of the repository, as its sources say now. @throws CompositionFailed, InvalidModules */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const schemas = await printedSchemas();
  return [
    { path: 'packages/contracts/src/permissions.generated.ts', content: permissionTable(readModules().ordered) },
    ...schemas.map(({ name, typeDefs }) => ({ path: `subgraphs/${name}/schema.graphql`, content: typeDefs })),
    supergraphFile(schemas),
  ];
}

/** The supergraph, composed from SDLs by name with the URLs of supergraph.yaml. @throws CompositionFailed, UndeclaredAccess */
export function supergraphFile(schemas: readonly { name: string; typeDefs: string }[]): GeneratedFile {
  const { discovery } = loadConfig(kernelSections, { environment: 'development', env: {} });
  const subgraphs = readSupergraphConfig(discovery.supergraphConfig).map(({ name, url, schemaFile }) => {
    const schema = schemas.find((candidate) => candidate.name === name);
    if (!schema)
      throw new Error(`${schemaFile && relative(projectRoot(), schemaFile)} has no source in this repository`);
    return { name, url, typeDefs: schema.typeDefs };
  });
  const { sdl } = composeSupergraph(subgraphs);
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

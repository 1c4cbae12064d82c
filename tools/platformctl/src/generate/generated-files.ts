import { InProcessBus } from '@platform/events';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { loadConfig, processSections } from '@platform/foundation/config';
import { listedSchemas } from '@platform/runtime/listed-schemas';
import { subgraphNames } from '@platform/runtime/modules';
import { createProcessContext } from '@platform/runtime/process-context';
import { orderedDefinitions, subgraphSections } from '@platform/runtime/subgraphs';
import { assembleSubgraph } from '@platform/subgraph-server/subgraph';
import { BreakingEventChange, breakingChanges } from '../events/breaking-changes.js';
import { eventDefinitions } from '../events/event-definitions.js';
import {
  EVENT_SCHEMAS,
  type EventSchemas,
  eventSchemas,
  printedSchemas as printedEventSchemas,
} from '../events/event-schemas.js';
import { assertAccessDeclared } from '../supergraph/public-fields.js';
import { deploymentFiles } from './deployment-files.js';
import { moduleFiles } from './module-files.js';
import { configurationReference } from './reference/configuration.js';
import { eventsReference } from './reference/events.js';
import { permissionsReference } from './reference/permissions.js';
import { committedText, type GeneratedFile } from './settle.js';

/** Every generated file of the repository, as its sources say now. @throws CompositionFailed, InvalidModules */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const schemas = await printedSchemas();
  const deployment = deploymentFiles();
  return [
    ...(await moduleFiles()),
    ...deployment,
    eventSchemasFile(),
    configurationReference(deployment),
    permissionsReference(),
    eventsReference(),
    ...schemas.map(({ name, typeDefs }) => ({ path: `subgraphs/${name}/schema.graphql`, content: typeDefs })),
    supergraphFile(new Map(schemas.map((schema) => [schema.name, schema]))),
  ];
}

/** The shapes of all events. @throws BreakingEventChange when they differ from the committed ones by more than optional data. */
function eventSchemasFile(): GeneratedFile {
  const now = eventSchemas(eventDefinitions());
  const committed = committedText(EVENT_SCHEMAS);
  const changes = committed === null ? [] : breakingChanges(ofPresentModules(JSON.parse(committed)), now);
  if (changes.length > 0) throw new BreakingEventChange(changes);
  return { path: EVENT_SCHEMAS, content: printedEventSchemas(now) };
}

/** Without the events of subgraphs that were taken out of the repository, with all who could read them. */
function ofPresentModules(schemas: EventSchemas): EventSchemas {
  const present: readonly string[] = ['platform', ...subgraphNames];
  return Object.fromEntries(Object.entries(schemas).filter(([type]) => present.includes(type.split('.')[0] as string)));
}

/** The supergraph that is committed: composed with the URLs of supergraph.yaml. @throws CompositionFailed, UndeclaredAccess */
export function supergraphFile(printed?: ReadonlyMap<string, { typeDefs: string }>): GeneratedFile {
  const { discovery } = loadConfig(processSections, { environment: 'development' });
  const { sdl } = composeSupergraph(listedSchemas({ ...discovery, routingUrls: {} }, printed));
  assertAccessDeclared(sdl);
  return { path: 'router/supergraph.graphql', content: sdl };
}

/** The SDL of each subgraph, printed from its code; nothing is started. */
export async function printedSchemas(): Promise<{ name: string; typeDefs: string }[]> {
  const config = loadConfig({ ...processSections, ...subgraphSections }, { environment: 'development', env: {} });
  const shared = {
    ...createProcessContext({ ...config, logging: { ...config.logging, level: 'warn' } }, 'generate'),
    databaseUrl: 'postgres://localhost/nowhere',
    bus: new InProcessBus(),
    endpoint: () => ({ execute: () => Promise.reject(new Error('Nothing is called while schemas are printed')) }),
  };
  const printed: { name: string; typeDefs: string }[] = [];
  for (const definition of orderedDefinitions()) printed.push(await assembleSubgraph(definition, shared));
  return printed;
}

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { readModules } from '@platform/runtime/modules';
import { eventDefinitions } from '../../events/event-definitions.js';
import { type EventSchema, eventSchemas } from '../../events/event-schemas.js';
import type { GeneratedFile } from '../settle.js';
import { code, page, table } from './page.js';

/** The page of every event, by the contracts and what their comments say. */
export function eventsReference(): GeneratedFile {
  const schemas = eventSchemas(eventDefinitions());
  const chapters = readModules()
    .ordered.filter(({ events }) => events.published.length > 0)
    .map(({ name, events }) => {
      const meanings = meaningsOf(name);
      const rows = events.published.map((type) => [code(type), meanings.get(type) ?? '', dataOf(schemas[type])]);
      return `## ${name}\n\n${table(['Type', 'Meaning', 'Data'], rows)}`;
    });
  return {
    path: 'docs/reference/events.md',
    content: page(
      'Events',
      'What subgraphs publish. `?` marks data that may be missing or null. [Events](../events.md) says how they travel; their shapes are in\n[event-schemas.json](../../packages/contracts/event-schemas.json).',
      chapters,
    ),
  };
}

/** The comment above each definition, by type. */
function meaningsOf(subgraph: string): ReadonlyMap<string, string> {
  const sources = globSync(`subgraphs/${subgraph}/contracts/src/*.ts`, { cwd: projectRoot() });
  const texts = sources.map((path) => readFileSync(join(projectRoot(), path), 'utf8')).join('\n');
  const definitions = texts.matchAll(
    /\/\*\*((?:(?!\*\/).)*)\*\/\s*export const \w+ = defineEvent\(\{\s*type: '([^']+)'/gs,
  );
  return new Map([...definitions].map(([, comment = '', type = '']) => [type, spoken(comment)]));
}

const spoken = (comment: string): string => comment.replaceAll(/\s*\n\s*\*\s*/g, ' ').trim();

function dataOf(schema: EventSchema | undefined): string {
  const { properties = {}, required = [] } = schema?.data ?? {};
  return Object.entries(properties)
    .map(([name, { anyOf = [] }]) => {
      const isOptional = !required.includes(name) || anyOf.some(({ type }) => type === 'null');
      return code(`${name}${isOptional ? '?' : ''}`);
    })
    .join(', ');
}

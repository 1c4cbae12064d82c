import { audit } from '@platform/audit';
import { authz } from '@platform/authz';
import { blog } from '@platform/blog';
import { identity } from '@platform/identity';
import type { AnySubgraphDefinition } from '@platform/subgraph-server/subgraph';
import { readModules, type SubgraphName } from './modules.js';

/** Every subgraph that this repository holds, by name, with the port of its own process. */
export const subgraphs: Readonly<Record<SubgraphName, { definition: AnySubgraphDefinition; port: number }>> = {
  identity: { definition: identity, port: 4001 },
  authz: { definition: authz, port: 4002 },
  audit: { definition: audit, port: 4003 },
  blog: { definition: blog, port: 4004 },
};

/** The configuration sections of every subgraph. */
export const subgraphSections = {
  ...identity.sections,
  ...authz.sections,
  ...audit.sections,
  ...blog.sections,
};

/** The definitions in the order in which they migrate and start. */
export const orderedDefinitions = (): AnySubgraphDefinition[] =>
  readModules().ordered.map(({ name }) => subgraphs[name as SubgraphName].definition);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { readModules } from '@platform/runtime/modules';
import { type ObjectTypeDefinitionNode, parse } from 'graphql';

/** It writes to the log itself: its mutations are tried beside it. */
const LOG = 'audit';

const mutationsOf = (name: string): string[] =>
  parse(readFileSync(join(projectRoot(), 'subgraphs', name, 'schema.graphql'), 'utf8'))
    .definitions.filter(
      (node): node is ObjectTypeDefinitionNode => 'name' in node && node.name?.value === 'Mutation' && 'fields' in node,
    )
    .flatMap(({ fields = [] }) => fields.map((field) => field.name.value));

describe('the audit log', () => {
  it.each(readModules().ordered.filter(({ name }) => name !== LOG))(
    'has an entry of every mutation of $name, by an event that it publishes',
    ({ name, auditedActions, events }) => {
      expect(Object.keys(auditedActions).toSorted()).toEqual(mutationsOf(name).toSorted());
      expect(events.published).toEqual(expect.arrayContaining(Object.values(auditedActions)));
    },
  );
});

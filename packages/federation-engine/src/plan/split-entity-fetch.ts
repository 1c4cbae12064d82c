import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type FieldNode, parse } from 'graphql';
import type { EntityKeys } from '../schema/entity-keys.js';
import type { RequiresFields } from '../schema/requires-directives.js';
import { entityFields, retainFields } from './entity-fields.js';

/**
 * A fetch of entities cut into one for the fields without `@requires` and one for each set of required fields; none where
 * there is only one of these. For objects that do not have everything that the whole fetch requires: what one field
 * lacks, because nobody asked for it on this object or because it could not be had, must not cost the others.
 */
export function splitEntityFetch(fetch: FetchNode, requiresFields: RequiresFields, keys: EntityKeys): FetchNode[] {
  const { serviceName: subgraph, requires = [] } = fetch;
  if (requiresFields.isEmpty) return [];
  const document = parse(fetch.operation, { noLocation: true });
  const groups = new Map<string, { readonly needs: ReadonlySet<string>; readonly fields: Set<FieldNode> }>();
  const required = new Set<string>();
  const always = new Set<string>();
  for (const { field, type } of entityFields(document)) {
    const needs = requiresFields.of(subgraph, type, field.name.value);
    const key = [...needs].sort().join(' ');
    const group = groups.get(key) ?? { needs, fields: new Set<FieldNode>() };
    groups.set(key, group);
    group.fields.add(field);
    for (const name of needs) required.add(name);
    for (const name of keys.of(subgraph, type)) always.add(name);
  }
  if (groups.size < 2) return [];
  return [...groups.values()].flatMap(({ needs, fields }) => {
    const left = new Set([...required].filter((name) => !needs.has(name) && !always.has(name)));
    const only = retainFields(document, (field) => fields.has(field));
    return only ? [{ ...fetch, ...only, requires: without(requires, left) }] : [];
  });
}

/** One of several fetches that were made of one: it requires nothing that only the others' fields need. */
export function restrictRequires(
  part: FetchNode,
  whole: FetchNode,
  requiresFields: RequiresFields,
  keys: EntityKeys,
): FetchNode {
  const { needed, always } = needsOf(part, requiresFields, keys);
  const others = [...needsOf(whole, requiresFields, keys).needed].filter(
    (name) => !needed.has(name) && !always.has(name),
  );
  return { ...part, requires: without(part.requires ?? [], new Set(others)) };
}

/** What the fields of a fetch require, and by what its entities are found. */
function needsOf({ serviceName: subgraph, operation }: FetchNode, requiresFields: RequiresFields, keys: EntityKeys) {
  const fields = entityFields(parse(operation, { noLocation: true }));
  return {
    needed: new Set(fields.flatMap(({ field, type }) => [...requiresFields.of(subgraph, type, field.name.value)])),
    always: new Set(fields.flatMap(({ type }) => keys.of(subgraph, type))),
  };
}

/** Without the named fields of the entities themselves, and without fragments that then only name the type: they hold no key. */
const without = (selections: readonly QueryPlanSelectionNode[], names: ReadonlySet<string>): QueryPlanSelectionNode[] =>
  selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field') return names.has(selection.name) ? [] : [selection];
    const kept = without(selection.selections, names);
    const lost = kept.length < selection.selections.length;
    return lost && kept.every(isTypename) ? [] : [{ ...selection, selections: kept }];
  });

const isTypename = (selection: QueryPlanSelectionNode): boolean =>
  selection.kind === 'Field' && selection.name === '__typename';

import type { FetchNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { parse, print } from 'graphql';
import { entityFields, keepFields } from './entity-fields.js';
import type { Requirements } from './requirements.js';

type Visit = (fetch: FetchNode, path: string) => PlanNode | undefined;

/**
 * Takes fields out of fetches that come before what the fields require. Where a chain of `@requires` comes back to a
 * subgraph, the planner also asks for its fields on the way there; it asks again when the requirements are met.
 */
export function withoutPrematureFields(plan: PlanNode, requirements: Requirements): PlanNode | undefined {
  if (requirements.isEmpty) return plan;
  const inTime = new Set<string>();
  let premature = false;
  visit(plan, '', (fetch, path) => {
    for (const { key, ready } of fieldsOf(fetch, path, requirements)) {
      if (ready) inTime.add(key);
      else premature = true;
    }
    return fetch;
  });
  if (!premature) return plan;
  return visit(plan, '', (fetch, path) => {
    const fields = fieldsOf(fetch, path, requirements);
    const dropped = new Set(fields.filter(({ key, ready }) => !ready && inTime.has(key)).map(({ text }) => text));
    if (dropped.size === 0) return fetch;
    const document = parse(fetch.operation, { noLocation: true });
    const kept = keepFields(document, (field) => !dropped.has(print(field)));
    return kept && { ...fetch, ...kept };
  });
}

function visit(node: PlanNode, path: string, change: Visit): PlanNode | undefined {
  switch (node.kind) {
    case 'Fetch':
      return node.requires ? change(node, path) : node;
    case 'Flatten': {
      const inner = visit(node.node, `${path}.${node.path.join('.')}`, change);
      return inner && ({ ...node, node: inner } as PlanNode);
    }
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.flatMap((child) => visit(child, path, change) ?? []) };
    case 'Condition':
      return {
        ...node,
        ifClause: node.ifClause && visit(node.ifClause, path, change),
        elseClause: node.elseClause && visit(node.elseClause, path, change),
      };
    case 'Defer':
      return node;
  }
}

/** The entity fields of a fetch, and whether it brings what they require. */
function fieldsOf(fetch: FetchNode, path: string, requirements: Requirements) {
  const brought = new Set(outermost(fetch.requires ?? []));
  return entityFields(parse(fetch.operation, { noLocation: true })).map(({ field, type }) => {
    const text = print(field);
    const ready = [...requirements.of(fetch.serviceName, type, field.name.value)].every((name) => brought.has(name));
    return { text, key: [path, fetch.serviceName, type, text].join('\n'), ready };
  });
}

const outermost = (selections: readonly QueryPlanSelectionNode[]): string[] =>
  selections.flatMap((selection) => (selection.kind === 'Field' ? [selection.name] : outermost(selection.selections)));

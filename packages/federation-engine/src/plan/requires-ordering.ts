import type { FetchNode, FlattenNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, parse, print, type SelectionSetNode, stripIgnoredCharacters, visit } from 'graphql';
import type { EntityKeys } from '../schema/entity-keys.js';
import type { RequiresFields } from '../schema/requires-directives.js';
import { type FieldOccurrence, requiredPaths, requiringFields } from './field-occurrences.js';

/** A chain of `@requires` may be as long as this. */
const mostRounds = 8;

/**
 * Puts right plans that ask for a field before what it requires is there. Where a chain of `@requires` comes back to a
 * subgraph that is asked anyway, the planner merges the two fetches into the earlier one: silently wrong data. Such a
 * field is taken out, and fetched on its own before the first fetch that needs it, unless that comes later by itself.
 */
export function orderRequires(plan: PlanNode, requiresFields: RequiresFields, keys: EntityKeys): PlanNode | undefined {
  let repaired: PlanNode | undefined = plan;
  for (let round = 0; repaired && !requiresFields.isEmpty && round < mostRounds; round++) {
    const next: PlanNode | undefined = new Repair(repaired, requiresFields, keys).plan();
    if (next === repaired) break;
    repaired = next;
  }
  return repaired;
}

class Repair {
  /** What is asked for too early, by its path in the data. */
  private readonly early = new Map<string, FieldOccurrence>();

  constructor(
    private readonly original: PlanNode,
    private readonly requiresFields: RequiresFields,
    private readonly keys: EntityKeys,
  ) {
    const places: FieldOccurrence[] = [];
    const needed = new Set<string>();
    everyFetch(original, (fetch, path) => {
      places.push(...requiringFields(fetch, path, requiresFields));
      for (const required of requiredPaths(fetch, path)) needed.add(required);
    });
    const inTime = new Set(places.filter(({ ready }) => ready).map(keyOf));
    for (const place of places) {
      if (!place.ready && (inTime.has(keyOf(place)) || needed.has(pathOf(place)))) {
        this.early.set(pathOf(place), place);
      }
    }
  }

  plan(): PlanNode | undefined {
    return this.early.size === 0 ? this.original : this.visit(this.original, new Set());
  }

  /** @param fetched paths of the fields that are there by then; those of this node are added. */
  private visit(node: PlanNode, fetched: Set<string>): PlanNode | undefined {
    switch (node.kind) {
      case 'Fetch':
      case 'Flatten':
        return this.leaf(node, fetched);
      case 'Sequence':
        return { ...node, nodes: node.nodes.flatMap((child) => this.visit(child, fetched) ?? []) };
      case 'Parallel': {
        const branches = node.nodes.map((child) => ({ child, seen: new Set(fetched) }));
        const nodes = branches.flatMap(({ child, seen }) => this.visit(child, seen) ?? []);
        for (const { seen } of branches) for (const path of seen) fetched.add(path);
        return { ...node, nodes };
      }
      case 'Condition':
        return {
          ...node,
          ifClause: node.ifClause && this.visit(node.ifClause, new Set(fetched)),
          elseClause: node.elseClause && this.visit(node.elseClause, new Set(fetched)),
        };
      case 'Defer': {
        const { node: primary, ...said } = node.primary;
        const answered = primary && this.visit(primary, fetched);
        const deferred = node.deferred.map((part) => ({
          ...part,
          node: part.node && this.visit(part.node, new Set(fetched)),
        }));
        return { ...node, primary: { ...said, node: answered }, deferred };
      }
    }
  }

  private leaf(node: FetchNode | FlattenNode, fetched: Set<string>): PlanNode | undefined {
    const [fetch, path] = fetchIn(node, []);
    if (!fetch) return node;
    const missing = new Set(
      requiredPaths(fetch, path).filter((needed) => this.early.has(needed) && !fetched.has(needed)),
    );
    for (const needed of missing) fetched.add(needed);
    for (const place of requiringFields(fetch, path, this.requiresFields)) if (place.ready) fetched.add(pathOf(place));
    const reduced = this.reduce(fetch, path);
    const own = reduced === fetch ? node : reduced && atPath(reduced, path);
    const first = [...missing].map((needed) => this.separateFetch(this.early.get(needed) as FieldOccurrence));
    if (first.length === 0) return own;
    return { kind: 'Sequence', nodes: [...first, ...(own ? [own] : [])] };
  }

  /** The fetch without what it asks for too early; undefined when nothing is left. */
  private reduce(fetch: FetchNode, path: readonly string[]): FetchNode | undefined {
    const dropped = new Set(
      requiringFields(fetch, path, this.requiresFields)
        .filter((place) => !place.ready && this.early.has(pathOf(place)))
        .map((place) => `${place.type}.${print(place.node)}`),
    );
    if (dropped.size === 0) return fetch;
    let left = 0;
    const types: (string | undefined)[] = [undefined];
    const operation = visit(parse(fetch.operation, { noLocation: true }), {
      Field: {
        enter: (field) => {
          if (dropped.has(`${types.at(-1)}.${print(field)}`)) return null;
          if (!['__typename', '_entities'].includes(field.name.value)) left++;
          types.push(this.requiresFields.typeOf(types.at(-1) ?? 'Query', field.name.value));
          return undefined;
        },
        leave: () => void types.pop(),
      },
      InlineFragment: {
        enter: ({ typeCondition }) => void types.push(typeCondition?.name.value ?? types.at(-1)),
        leave: ({ selectionSet }) => {
          types.pop();
          return selectionSet.selections.length === 0 ? null : undefined;
        },
      },
    });
    return left > 0 ? { ...fetch, operation: stripIgnoredCharacters(print(operation)) } : undefined;
  }

  /** A fetch of one field, with its key and what it requires. */
  private separateFetch({ subgraph, type, path, node, beside }: FieldOccurrence): PlanNode {
    const key = this.keys.among(subgraph, type, beside);
    const required = this.requiresFields.text(subgraph, type, node.name.value);
    const selections = ['__typename', required, key].flatMap(fieldSet);
    return atPath(
      {
        kind: 'Fetch',
        serviceName: subgraph,
        requires: [{ kind: 'InlineFragment', typeCondition: type, selections }],
        variableUsages: [],
        operation: `query($representations:[_Any!]!){_entities(representations:$representations){...on ${type}{${print(node)}}}}`,
        operationName: undefined,
        operationKind: 'query' as FetchNode['operationKind'],
        operationDocumentNode: undefined,
      },
      path,
    );
  }
}

const list = '@';

const pathOf = ({ path, node }: FieldOccurrence): string => [...path, node.alias?.value ?? node.name.value].join('.');

const keyOf = (place: FieldOccurrence): string => `${place.subgraph} ${pathOf(place)}`;

/** Lists on the way need not be named. */
const atPath = (fetch: FetchNode, path: readonly string[]): FetchNode | FlattenNode =>
  path.length === 0 ? fetch : { kind: 'Flatten', path: [...path], node: fetch };

function fetchIn(node: PlanNode, path: readonly string[]): [fetch: FetchNode | undefined, path: readonly string[]] {
  if (node.kind === 'Flatten')
    return fetchIn(node.node, [...path, ...node.path.map(String).filter((step) => step !== list)]);
  return [node.kind === 'Fetch' ? node : undefined, path];
}

function everyFetch(node: PlanNode, tell: (fetch: FetchNode, path: readonly string[]) => void): void {
  if (node.kind === 'Fetch' || node.kind === 'Flatten') {
    const [fetch, path] = fetchIn(node, []);
    if (fetch) tell(fetch, path);
  } else if (node.kind === 'Sequence' || node.kind === 'Parallel') {
    for (const child of node.nodes) everyFetch(child, tell);
  } else if (node.kind === 'Condition') {
    for (const child of [node.ifClause, node.elseClause]) if (child) everyFetch(child, tell);
  } else {
    for (const { node: child } of [node.primary, ...node.deferred]) if (child) everyFetch(child, tell);
  }
}

/** A field set such as `id organization { id }` as plans write it. */
function fieldSet(text: string): QueryPlanSelectionNode[] {
  const convert = ({ selections }: SelectionSetNode): QueryPlanSelectionNode[] =>
    selections.flatMap((selection): QueryPlanSelectionNode[] => {
      if (selection.kind === Kind.FIELD) {
        const nested = selection.selectionSet && { selections: convert(selection.selectionSet) };
        return [{ kind: 'Field', name: selection.name.value, ...nested }];
      }
      if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
      return [
        {
          kind: 'InlineFragment',
          typeCondition: selection.typeCondition?.name.value,
          selections: convert(selection.selectionSet),
        },
      ];
    });
  const [operation] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? convert(operation.selectionSet) : [];
}

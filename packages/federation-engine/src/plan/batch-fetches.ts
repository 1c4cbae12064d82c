import type { BatchedNode, PlannedNode } from './compiled-plan.js';
import { EntityRequests } from './entity-requests.js';
import type { EntityFetchNode } from './fetch-nodes.js';

/** A fetch, or another node that counts as one step, with the steps in which it may run. */
interface Item {
  readonly node: PlannedNode;
  /** Which of the parallel nodes it comes from. */
  readonly branch: number;
  readonly earliest: number;
  readonly latest: number;
  step: number;
}

/**
 * Joins entity fetches to one subgraph that can travel together. Parallel branches that call the same subgraph in the
 * same step go on in step with each other; a fetch that nothing waits for may be put off to a later step in which its
 * subgraph is called anyway. The longest chain of fetches grows no longer; branches with nothing to join stay apart.
 */
export function batchFetches(node: PlannedNode): BatchedNode {
  switch (node.kind) {
    case 'fetch':
      return node;
    case 'entity':
      return { kind: 'entities', requests: new EntityRequests([node]) };
    case 'sequence':
      return { kind: 'sequence', nodes: node.nodes.map(batchFetches) };
    case 'parallel':
      return parallel(node.nodes);
    case 'condition':
      return {
        ...node,
        whenTrue: node.whenTrue && batchFetches(node.whenTrue),
        whenFalse: node.whenFalse && batchFetches(node.whenFalse),
      };
    case 'defer':
      return {
        ...node,
        primary: node.primary && batchFetches(node.primary),
        deferred: node.deferred.map((part) => ({ ...part, node: part.node && batchFetches(part.node) })),
      };
  }
}

function parallel(branches: readonly PlannedNode[]): BatchedNode {
  const items = schedule(branches);
  const groups = connected(branches.length, items);
  return together(
    groups.map((group) => {
      const [only] = group;
      if (group.length === 1 && only !== undefined) return alone(branches[only] as PlannedNode);
      return inStep(schedule(group.map((branch) => branches[branch] as PlannedNode)));
    }),
  );
}

/** A branch that shares nothing with its siblings; a parallel node inside it is looked at for itself. */
const alone = (branch: PlannedNode): BatchedNode => batchFetches(branch);

/** Gives each fetch its step. */
function schedule(branches: readonly PlannedNode[]): Item[] {
  const items: Item[] = [];
  const end = Math.max(...branches.map(lengthOf));
  for (const [branch, node] of branches.entries()) place(node, branch, 0, end, items);
  for (const [, candidates] of bySubgraph(items)) putOff(candidates);
  return items;
}

function lengthOf(node: PlannedNode): number {
  if (node.kind === 'sequence') return node.nodes.reduce((sum, child) => sum + lengthOf(child), 0);
  return node.kind === 'parallel' ? Math.max(...node.nodes.map(lengthOf)) : 1;
}

function place(node: PlannedNode, branch: number, start: number, deadline: number, items: Item[]): void {
  if (node.kind === 'parallel') {
    for (const child of node.nodes) place(child, branch, start, deadline, items);
  } else if (node.kind === 'sequence') {
    let step = start;
    node.nodes.forEach((child, index) => {
      const end = step + lengthOf(child);
      place(child, branch, step, index === node.nodes.length - 1 ? deadline : end, items);
      step = end;
    });
  } else {
    items.push({ node, branch, earliest: start, latest: isBatchable(node) ? deadline - 1 : start, step: start });
  }
}

/** Fetches that can wait are moved to the next step that calls their subgraph in any case, or else to one another. */
function putOff(items: readonly Item[]): void {
  const fixed = items.filter(({ earliest, latest }) => earliest === latest).map(({ step }) => step);
  const free = items.filter(({ earliest, latest }) => earliest < latest).sort((a, b) => a.latest - b.latest);
  const left = free.filter((item) => {
    const steps = fixed.filter((step) => step >= item.earliest && step <= item.latest);
    if (steps.length > 0) item.step = Math.min(...steps);
    return steps.length === 0;
  });
  for (let [first] = left; first; [first] = left) {
    const { latest } = first;
    const joined = left.filter(({ earliest }) => earliest <= latest);
    const step = Math.max(...joined.map(({ earliest }) => earliest));
    for (const item of joined) {
      item.step = step;
      left.splice(left.indexOf(item), 1);
    }
  }
}

/** Branches that have a request in common, directly or through others. */
function connected(count: number, items: readonly Item[]): number[][] {
  const group = Array.from({ length: count }, (_, branch) => branch);
  const rootOf = (branch: number): number => (group[branch] === branch ? branch : rootOf(group[branch] as number));
  for (const [, candidates] of bySubgraph(items)) {
    const firstAt = new Map<number, number>();
    for (const { step, branch } of candidates) {
      const first = firstAt.get(step);
      if (first === undefined) firstAt.set(step, branch);
      else group[rootOf(branch)] = rootOf(first);
    }
  }
  return [...Map.groupBy(group.keys(), rootOf).values()];
}

function inStep(items: readonly Item[]): BatchedNode {
  const steps = [...Map.groupBy(items, ({ step }) => step)].sort(([left], [right]) => left - right);
  const nodes = steps.map(([, atOnce]) => {
    const others = atOnce.filter(({ node }) => !isBatchable(node)).map(({ node }) => batchFetches(node));
    const batches = bySubgraph(atOnce).map(([, joined]) => batch(joined.map(({ node }) => node as EntityFetchNode)));
    return together([...others, ...batches]);
  });
  return nodes.length === 1 ? (nodes[0] as BatchedNode) : { kind: 'sequence', nodes };
}

const batch = (nodes: EntityFetchNode[]): BatchedNode => ({
  kind: 'entities',
  requests: new EntityRequests(nodes as [EntityFetchNode, ...EntityFetchNode[]]),
});

const together = (nodes: readonly BatchedNode[]): BatchedNode =>
  nodes.length === 1 ? (nodes[0] as BatchedNode) : { kind: 'parallel', nodes };

/** Context arguments may need several requests: such fetches travel alone. */
const isBatchable = (node: PlannedNode): node is EntityFetchNode => node.kind === 'entity' && !node.contexts;

const bySubgraph = (items: readonly Item[]): [string, Item[]][] => [
  ...Map.groupBy(
    items.filter(({ node }) => isBatchable(node)),
    ({ node }) => (node as EntityFetchNode).fetch.subgraph,
  ),
];

import type { Variables } from '@platform/federation-engine';

/** `@include` or, with `skip`, `@skip` by a variable. */
interface Condition {
  readonly variable: string;
  readonly skip: boolean;
}

/** One selected field, as far as its cost goes: nothing of it depends on the request but what is a function of the variables. */
export interface CostNode {
  /** The key in the data of the subgraphs. */
  readonly key: string;
  readonly conditions: readonly Condition[];
  /** Of each of its values. */
  readonly weight: number;
  /** Of its arguments, once for each object that has the field; left out where they weigh nothing. */
  readonly input?: (variables: Variables) => number;
  /** How many values are expected for each object that has the field; 1 where it is no list. */
  readonly size: (variables: Variables) => number;
  /** Index of the subgraph that it is counted for. */
  readonly owner: number;
  readonly nested: readonly CostNode[];
}

/** Adds what the nodes are estimated to cost to the sums of their subgraphs, for `count` objects that have them. */
export function addEstimate(nodes: readonly CostNode[], variables: Variables, count: number, sums: number[]): void {
  for (const node of nodes) {
    if (!selected(node, variables)) continue;
    const values = count * node.size(variables);
    sums[node.owner] = (sums[node.owner] ?? 0) + values * node.weight + count * inputOf(node, variables);
    addEstimate(node.nested, variables, values, sums);
  }
}

/** What the values that are there have cost. */
export function actualCost(
  nodes: readonly CostNode[],
  data: Readonly<Record<string, unknown>>,
  variables: Variables,
): number {
  let sum = 0;
  for (const node of nodes) {
    const value = data[node.key];
    if (value === undefined || !selected(node, variables)) continue;
    sum += inputOf(node, variables) + costOfValue(node, value, variables);
  }
  return sum;
}

function costOfValue(node: CostNode, value: unknown, variables: Variables): number {
  if (value === null || value === undefined) return 0;
  if (typeof value !== 'object') return node.weight;
  if (Array.isArray(value)) {
    let sum = 0;
    for (const item of value) sum += costOfValue(node, item, variables);
    return sum;
  }
  if (node.nested.length === 0) return node.weight;
  return node.weight + actualCost(node.nested, value as Record<string, unknown>, variables);
}

const inputOf = ({ input }: CostNode, variables: Variables): number => (input ? input(variables) : 0);

function selected({ conditions }: CostNode, variables: Variables): boolean {
  for (const { variable, skip } of conditions) if (Boolean(variables[variable]) === skip) return false;
  return true;
}

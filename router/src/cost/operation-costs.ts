import type { Operation, Supergraph, Variables } from '@platform/federation-engine';
import { OperationTypeNode } from 'graphql';
import { CostCompiler } from './compile-cost.js';
import { actualCost, addEstimate, type CostNode } from './cost-tree.js';
import { Owners } from './owners.js';
import { Weights } from './weights.js';

/** What an operation may cost, in all and by subgraph. */
export interface Estimate {
  readonly total: number;
  readonly bySubgraph: ReadonlyMap<string, number>;
}

interface Compiled {
  readonly nodes: readonly CostNode[];
  readonly subgraphs: readonly string[];
  readonly base: number;
  /** The estimate, where no variables change it. */
  readonly constant: Estimate | undefined;
}

/** Of every mutation, besides what it selects. */
const MUTATION = 10;

/** What operations cost by `@cost` and `@listSize`: https://ibm.github.io/graphql-specs/cost-spec.html as Apollo Router applies it. */
export class OperationCosts {
  private readonly compiled = new WeakMap<Operation, Compiled>();
  private readonly actuals = new WeakMap<object, number>();
  private readonly schemas = new WeakMap<Supergraph, { readonly weights: Weights; readonly owners: Owners }>();

  /** @param listSize of lists that nothing is known of. */
  constructor(private readonly listSize: number) {}

  /** @throws SlicingArgumentRequired */
  estimate(operation: Operation, variables: Variables): Estimate {
    const compiled = this.of(operation);
    return compiled.constant ?? estimated(compiled, variables);
  }

  /** What an answer's data have cost. @param data as the subgraphs gave them; the same data are counted once. */
  actual(operation: Operation, data: Readonly<Record<string, unknown>>, variables: Variables): number {
    const known = this.actuals.get(data);
    if (known !== undefined) return known;
    const { nodes, base } = this.of(operation);
    const actual = base + actualCost(nodes, data, variables);
    this.actuals.set(data, actual);
    return actual;
  }

  private of(operation: Operation): Compiled {
    let compiled = this.compiled.get(operation);
    if (!compiled) {
      compiled = this.compile(operation);
      this.compiled.set(operation, compiled);
    }
    return compiled;
  }

  private compile({ supergraph, selections, type }: Operation): Compiled {
    const { weights, owners } = this.schemaOf(supergraph);
    const compiler = new CostCompiler(weights, owners, this.listSize);
    const nodes = compiler.compile(selections);
    const { subgraphs } = compiler;
    const base = type === OperationTypeNode.MUTATION ? MUTATION : 0;
    const rest = { nodes, subgraphs, base };
    return { ...rest, constant: compiler.dependsOnVariables ? undefined : estimated(rest, {}) };
  }

  private schemaOf(supergraph: Supergraph): { readonly weights: Weights; readonly owners: Owners } {
    const { schema } = supergraph;
    const known = this.schemas.get(supergraph) ?? { weights: new Weights(schema), owners: new Owners(schema) };
    this.schemas.set(supergraph, known);
    return known;
  }
}

function estimated({ nodes, subgraphs, base }: Omit<Compiled, 'constant'>, variables: Variables): Estimate {
  const sums: number[] = subgraphs.map(() => 0);
  addEstimate(nodes, variables, 1, sums);
  return {
    total: Math.max(
      0,
      sums.reduce((sum, own) => sum + own, base),
    ),
    bySubgraph: new Map(subgraphs.map((subgraph, index) => [subgraph, sums[index] ?? 0])),
  };
}

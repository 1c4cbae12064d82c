import { type GraphQLObjectType, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { UnauthorizedSelection, UnauthorizedSelections } from '../authorization/unauthorized-selections.js';
import type { DerivedCache } from '../base/derived-cache.js';
import { type Deferral, type IsDeferred, nothingDeferred } from '../operation/deferral.js';
import type { IntrospectionContext } from '../operation/introspection.js';
import type { Selection } from '../operation/selection-tree.js';
import type { TypedKeys } from '../operation/typed-keys.js';
import { conditionsHold, deferredBy, type Variables } from '../operation/variables.js';
import { ShapeCompiler } from '../projection/compile-shape.js';
import type { ObjectShape } from '../projection/shapes.js';
import type { Supergraph } from '../schema/supergraph.js';

/** What an operation is before anyone's rights are known. */
export interface OperationFacts {
  readonly supergraph: Supergraph;
  readonly node: OperationDefinitionNode;
  readonly name: string | undefined;
  readonly type: OperationTypeNode;
  readonly rootType: GraphQLObjectType;
  readonly selections: readonly Selection[];
  /** Undefined when it asks nothing of the schema itself, at any depth. */
  readonly introspection: IntrospectionContext | undefined;
  /** Every fragment with `@defer`. */
  readonly deferrals: readonly Deferral[];
  /** Selections, fragments expanded. */
  readonly size: number;
  /** Keeps plans and shapes, for as long as there is room. */
  readonly derived: DerivedCache;
  readonly keys: TypedKeys;
}

/** Up to so many variables in conditions, each outcome has a plan of its own; above, one plan decides while it runs. */
const MOST_DECIDED_CONDITIONS = 5;

/** An operation as one set of unauthorized leaves it. */
export class AuthorizedOperation {
  /** In keys of what is derived from it. */
  readonly owner: string;
  private readonly conditionVariables: readonly string[];
  /** Those, and the variables that `@defer` asks. */
  private readonly deliveryVariables: readonly string[];

  constructor(
    readonly operation: OperationFacts,
    readonly unauthorized: UnauthorizedSelections,
    /** Equal for equal unauthorized of one operation. */
    readonly key: string,
  ) {
    this.owner = operation.derived.newOwner();
    this.conditionVariables = [...variablesInConditions(operation.selections)];
    const ofDeferrals = operation.deferrals.flatMap(({ variable }) => variable ?? []);
    this.deliveryVariables = [...new Set([...this.conditionVariables, ...ofDeferrals])];
  }

  /** Each outcome of its conditions has a plan of its own. */
  get decidesConditions(): boolean {
    return this.conditionVariables.length <= MOST_DECIDED_CONDITIONS;
  }

  /**
   * What the variables put off. Undefined for subscriptions, when they put nothing off, and when there are more conditions
   * than plans are made for: `@defer` is then passed over.
   */
  deferred(variables: Variables): IsDeferred | undefined {
    const { type, deferrals } = this.operation;
    if (type === OperationTypeNode.SUBSCRIPTION || this.deliveryVariables.length > MOST_DECIDED_CONDITIONS) {
      return undefined;
    }
    const isDeferred = deferredBy(variables);
    return deferrals.some(isDeferred) ? isDeferred : undefined;
  }

  /** Equal for variables that lead to the same plan and shape. */
  outcomeOf(variables: Variables, isDeferred: IsDeferred): string {
    const single = isDeferred === nothingDeferred;
    let outcome = single ? '' : 'in parts ';
    for (const name of single ? this.conditionVariables : this.deliveryVariables)
      outcome += variables[name] ? '1' : '0';
    return outcome;
  }

  /** The shape of what is delivered first; where nothing is deferred, of everything. */
  shape(variables: Variables, isDeferred: IsDeferred): ObjectShape {
    const { supergraph, rootType, selections, introspection } = this.operation;
    const { unauthorized } = this;
    const compiler = new ShapeCompiler(supergraph, { unauthorized, variables, isDeferred, introspection });
    return compiler.root(rootType, selections);
  }

  /** Unauthorized selections that the variables do not skip. */
  activeUnauthorized(variables: Variables): readonly UnauthorizedSelection[] {
    if (this.unauthorized.size === 0) return none;
    return [...this.unauthorized.values()].filter(({ conditions }) => conditionsHold(conditions, variables));
  }
}

const none: readonly UnauthorizedSelection[] = [];

function variablesInConditions(selections: readonly Selection[], names = new Set<string>()): Set<string> {
  for (const { conditions, selections: nested } of selections) {
    for (const { variable } of conditions) names.add(variable);
    if (nested) variablesInConditions(nested, names);
  }
  return names;
}

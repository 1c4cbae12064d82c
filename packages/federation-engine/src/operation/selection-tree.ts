import type { FieldNode, GraphQLCompositeType, GraphQLField } from 'graphql';
import type { Rule } from '../schema/rule.js';
import type { Deferral } from './deferral.js';

/** `@include(if: $variable)`, or `@skip` when `skip`. Literal conditions are decided while the tree is built. */
export interface Condition {
  readonly variable: string;
  readonly skip: boolean;
}

/** A field as selected at one place of the operation; named fragments are expanded, so no two places share one. */
export interface SelectedField {
  readonly kind: 'field';
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLCompositeType;
  /** The key in the client's answer. */
  readonly responseName: string;
  /** The key in the data of the subgraphs; differs where the response name would collide. */
  readonly dataKey: string;
  readonly conditions: readonly Condition[];
  /** What a caller must satisfy to have it: its own, its type's, the enclosing fragments' and implementers' rules. */
  readonly rules: readonly Rule[];
  readonly selections: readonly Selection[] | undefined;
}

export interface SelectedFragment {
  readonly kind: 'fragment';
  readonly node: { readonly directives?: FieldNode['directives'] };
  readonly typeCondition: GraphQLCompositeType | undefined;
  /** Set when it has `@defer`. */
  readonly deferral: Deferral | undefined;
  readonly conditions: readonly Condition[];
  readonly selections: readonly Selection[];
}

export type Selection = SelectedField | SelectedFragment;

/** `__schema` and `__type`: answered by the router, never planned. */
export const isIntrospection = (field: SelectedField): boolean =>
  field.definition.name === '__schema' || field.definition.name === '__type';

export const isTypename = (field: SelectedField): boolean => field.definition.name === '__typename';

import type { UnauthorizedSelection } from '../authorization/unauthorized-selections.js';
import type { Deferral } from '../operation/deferral.js';
import type { IntrospectedField } from '../operation/introspection.js';

/** How one field of the answer is made. */
export interface FieldShape {
  /**
   * `value`: completed from the data · `typename`: known from the shape · `introspection`: answered from the schema ·
   * `unauthorized`: null, with an error.
   */
  readonly kind: 'value' | 'typename' | 'introspection' | 'unauthorized';
  /** The key in the answer. */
  readonly name: string;
  /** The key in the data. */
  readonly key: string;
  readonly type: ValueShape;
  /** `Type.field`, for messages. */
  readonly coordinate: string;
  readonly unauthorized: readonly UnauthorizedSelection[];
  /** Of `introspection`. */
  readonly introspected?: IntrospectedField;
}

/** The fields of an object of one runtime type, in the order of the answer. */
export interface ObjectShape {
  readonly typeName: string;
  readonly fields: readonly FieldShape[];
  /** What is delivered apart, later. */
  readonly deferred: readonly DeferredShape[];
}

/** What one deferred fragment adds to an object. */
export interface DeferredShape {
  readonly deferral: Deferral;
  readonly shape: ObjectShape;
}

interface NullableShape {
  readonly nonNull: boolean;
}

export interface LeafShape extends NullableShape {
  readonly kind: 'leaf';
  readonly typeName: string;
}

export interface EnumShape extends NullableShape {
  readonly kind: 'enum';
  readonly typeName: string;
  readonly values: ReadonlySet<unknown>;
  /** Values that subgraphs may answer and clients may not see. */
  readonly hidden: ReadonlySet<unknown>;
}

export interface ListShape extends NullableShape {
  readonly kind: 'list';
  readonly of: ValueShape;
}

export interface CompositeShape extends NullableShape {
  readonly kind: 'object' | 'abstract';
  readonly typeName: string;
  /** The shape for the `__typename` in the data; undefined for types that the API does not have here. */
  readonly shapeOf: (typeName: unknown) => ObjectShape | undefined;
  /** The shapes of every type that can stand here: for where the data does not say. */
  readonly allShapes: () => readonly ObjectShape[];
}

export type ValueShape = LeafShape | EnumShape | ListShape | CompositeShape;

import type { Directive, InterfaceType, NamedType, Schema, SchemaElement } from '@apollo/federation-internals';
import { isCopiedFromSome } from './copied-rules.js';
import type { Rule, RuleKind } from './rule.js';

interface NamedDirective {
  readonly kind: RuleKind;
  readonly argument: string | undefined;
  readonly name: string;
}

const directives: readonly { kind: RuleKind; argument?: string }[] = [
  { kind: 'authenticated' },
  { kind: 'requiresScopes', argument: 'scopes' },
  { kind: 'policy', argument: 'policies' },
];

const noRules: readonly Rule[] = [];

/** Every authorization directive of a supergraph, by `Type` and `Type.field`. */
export class AuthorizationRules {
  private readonly byCoordinate = new Map<string, readonly Rule[]>();

  constructor(schema: Schema) {
    const named = directivesIn(schema);
    if (named.length === 0) return;
    for (const type of schema.types()) {
      this.add(type.name, rulesAt(type, type.name, named));
      for (const field of fieldsOf(type)) {
        const coordinate = `${type.name}.${field.name}`;
        this.add(coordinate, rulesAt(field, coordinate, named));
      }
    }
    for (const type of schema.interfaceTypes()) this.dropCopies(type);
  }

  get isEmpty(): boolean {
    return this.byCoordinate.size === 0;
  }

  /** Every rule, once. */
  all(): Rule[] {
    return [...this.byCoordinate.values()].flat();
  }

  ofType(type: string): readonly Rule[] {
    return this.byCoordinate.get(type) ?? noRules;
  }

  ofField(type: string, field: string): readonly Rule[] {
    return this.byCoordinate.get(`${type}.${field}`) ?? noRules;
  }

  private add(coordinate: string, rules: readonly Rule[]): void {
    if (rules.length > 0) this.byCoordinate.set(coordinate, rules);
  }

  private dropCopies(type: InterfaceType): void {
    const implementers = type.possibleRuntimeTypes().map(({ name }) => name);
    const drop = (coordinate: string, copiedFrom: readonly (readonly Rule[])[]) => {
      const rules = this.byCoordinate.get(coordinate);
      if (rules)
        this.byCoordinate.set(
          coordinate,
          rules.filter((rule) => !isCopiedFromSome(rule, copiedFrom)),
        );
    };
    drop(
      type.name,
      implementers.map((implementer) => this.ofType(implementer)),
    );
    for (const { name } of type.fields()) {
      drop(
        `${type.name}.${name}`,
        implementers.map((implementer) => this.ofField(implementer, name)),
      );
    }
  }
}

/** Directives are known by the URL of their specification: `@link` may rename them. */
function directivesIn(schema: Schema): NamedDirective[] {
  return directives.flatMap(({ kind, argument }) => {
    const feature = schema.coreFeatures?.getByIdentity(`https://specs.apollo.dev/${kind}`);
    return feature ? [{ kind, argument, name: feature.directiveNameInSchema(kind) }] : [];
  });
}

// biome-ignore lint/suspicious/noExplicitAny: federation-internals has no common supertype for elements that carry directives.
function rulesAt(element: SchemaElement<any, any>, coordinate: string, named: readonly NamedDirective[]): Rule[] {
  return named.flatMap(({ kind, argument, name }) =>
    element
      .appliedDirectivesOf(name)
      .map((applied: Directive) => ({ kind, coordinate, anyOf: lists(applied, argument) })),
  );
}

function lists(applied: Directive, argument: string | undefined): readonly (readonly string[])[] {
  return argument ? ((applied.arguments() as Record<string, string[][]>)[argument] ?? []) : [];
}

function fieldsOf(type: NamedType) {
  return type.kind === 'ObjectType' || type.kind === 'InterfaceType' ? type.fields() : [];
}

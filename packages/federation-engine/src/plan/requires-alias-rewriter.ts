import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type FieldNode, Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import { isDataObject } from '../base/data.js';
import type { RequiresAliases } from '../schema/requires-aliases.js';
import { entityFields, retainFields } from './entity-fields.js';
import type { Rewrite } from './rewrites.js';

/** Makes of the planner's fetches, which speak of aliases, fetches that subgraphs understand. */
export class RequiresAliasRewriter {
  constructor(private readonly requiresAliases: RequiresAliases) {}

  /**
   * As many fetches as it takes to give every field the requirements it asks for: a representation holds a required
   * field once, so fields that require it with different arguments cannot be fetched together.
   */
  separate(fetch: FetchNode): FetchNode[] {
    const conflicting = this.conflicting(fetch.requires ?? []);
    if (conflicting.size === 0) return [fetch];
    const document = parse(fetch.operation, { noLocation: true });
    const groups: Set<string>[] = [new Set()];
    const groupOf = new Map<FieldNode, number>();
    for (const { field, type } of entityFields(document)) {
      const needs = [...this.requiresAliases.requiredBy(type, field.name.value)].filter((name) =>
        conflicting.has(name),
      );
      let index = groups.findIndex((group) => needs.length === 0 || this.agree([...group, ...needs]));
      if (index < 0) index = groups.push(new Set()) - 1;
      for (const name of needs) groups[index]?.add(name);
      groupOf.set(field, index);
    }
    return groups.flatMap((names, index) => {
      const dropped = new Set([...conflicting].filter((name) => !names.has(name)));
      const only = retainFields(document, (field) => groupOf.get(field) === index);
      return only ? [{ ...fetch, ...only, requires: without(fetch.requires ?? [], dropped) }] : [];
    });
  }

  /** The document with the real fields, answered under the aliases' names. */
  document(operation: string): string {
    if (!operation.includes(this.requiresAliases.prefix)) return operation;
    const renamed = visit(parse(operation, { noLocation: true }), {
      Field: (node) => {
        const requiresAlias = this.requiresAliases.get(node.name.value);
        if (!requiresAlias) return undefined;
        const name = { kind: Kind.NAME, value: requiresAlias.field } as const;
        return { ...node, alias: node.alias ?? node.name, name, arguments: requiresAlias.arguments };
      },
    });
    return stripIgnoredCharacters(print(renamed));
  }

  /** Puts the real names into representations; undefined where there is nothing to rename. */
  inRepresentations(requires: readonly QueryPlanSelectionNode[]): Rewrite | undefined {
    const names = this.namesIn(requires);
    if (names.length === 0) return undefined;
    return (representation) => this.rename(representation, requires);
  }

  private rename(value: unknown, selections: readonly QueryPlanSelectionNode[]): void {
    if (Array.isArray(value)) {
      for (const item of value) this.rename(item, selections);
      return;
    }
    if (!isDataObject(value)) return;
    for (const selection of selections) {
      if (selection.kind === 'InlineFragment') {
        this.rename(value, selection.selections);
        continue;
      }
      if (selection.selections) this.rename(value[selection.name], selection.selections);
      const requiresAlias = this.requiresAliases.get(selection.name);
      if (!requiresAlias || !(selection.name in value)) continue;
      value[requiresAlias.field] = value[selection.name];
      delete value[selection.name];
    }
  }

  /** The aliases among the selections that stand for the same field as another one. */
  private conflicting(selections: readonly QueryPlanSelectionNode[]): ReadonlySet<string> {
    const names = [...new Set(this.namesIn(selections))];
    return new Set(
      names.filter((name) => !this.agree(names.filter((other) => other === name || this.same(other, name)))),
    );
  }

  /** Whether no two different aliases stand for the same field. */
  private agree(names: readonly string[]): boolean {
    return names.every((name) => names.every((other) => other === name || !this.same(other, name)));
  }

  private same(one: string, other: string): boolean {
    return this.requiresAliases.get(one)?.field === this.requiresAliases.get(other)?.field;
  }

  private namesIn(selections: readonly QueryPlanSelectionNode[]): string[] {
    return selections.flatMap((selection) => [
      ...(selection.kind === 'Field' && this.requiresAliases.get(selection.name) ? [selection.name] : []),
      ...this.namesIn(selection.selections ?? []),
    ]);
  }
}

function without(
  selections: readonly QueryPlanSelectionNode[],
  dropped: ReadonlySet<string>,
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field' && dropped.has(selection.name)) return [];
    if (!selection.selections) return [selection];
    const selections = without(selection.selections, dropped);
    return selections.length > 0 ? [{ ...selection, selections }] : [];
  });
}

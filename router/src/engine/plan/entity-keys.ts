import { type ConstDirectiveNode, type DocumentNode, type FieldNode, Kind, parse } from 'graphql';
import type { DataObject } from './data.js';

/** By which fields subgraphs find entities: the outermost names of every key that they resolve. */
export class EntityKeys {
  private readonly byType = new Map<string, string[][]>();

  constructor({ definitions }: DocumentNode) {
    const names = new Map<string, string>();
    for (const node of definitions) {
      if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue;
      for (const { name, directives = [] } of node.values ?? []) {
        names.set(name.value, directives.map((directive) => text(directive, 'name')).find(Boolean) ?? name.value);
      }
    }
    for (const node of definitions) {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
      for (const directive of node.directives ?? []) {
        const key = directive.name.value === 'join__type' && isResolved(directive) && text(directive, 'key');
        const graph = names.get(text(directive, 'graph') ?? '');
        if (key && graph) this.add(`${graph}.${node.name.value}`, namesIn(key));
      }
    }
  }

  /**
   * Puts a key into a representation that has none, from the entity it is of. Where the planner selects one type's key
   * and another's requirements apart, an object may have the latter without the former. False when the entity has no
   * key either: the subgraph could not find it. Types without a key are left as they are.
   */
  complete(subgraph: string, representation: DataObject, entity: DataObject): boolean {
    const keys = this.byType.get(`${subgraph}.${representation['__typename']}`);
    if (!keys || keys.some((names) => names.every((name) => name in representation))) return true;
    const key = keys.find((names) => names.every((name) => entity[name] !== undefined));
    for (const name of key ?? []) representation[name] ??= entity[name];
    return key !== undefined;
  }

  private add(type: string, key: string[]): void {
    this.byType.set(type, [...(this.byType.get(type) ?? []), key]);
  }
}

const isResolved = ({ arguments: given = [] }: ConstDirectiveNode): boolean =>
  !given.some(({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value);

function text({ arguments: given = [] }: ConstDirectiveNode, argument: string): string | undefined {
  const value = given.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

function namesIn(key: string): string[] {
  const [operation] = parse(`{ ${key} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections
    .filter((selection): selection is FieldNode => selection.kind === Kind.FIELD)
    .map(({ name }) => name.value);
}

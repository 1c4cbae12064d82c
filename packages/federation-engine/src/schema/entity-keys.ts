import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import type { DataObject } from '../base/data.js';
import { fieldsTypes, graphNames, outermostNames, textArgument } from './join-directives.js';

/** By which fields subgraphs find entities: the outermost names of every key that they resolve. */
export class EntityKeys {
  private readonly byType = new Map<string, string[][]>();
  private readonly texts = new Map<string, string[]>();

  constructor(supergraph: DocumentNode) {
    const names = graphNames(supergraph);
    for (const { name, directives = [] } of fieldsTypes(supergraph)) {
      for (const directive of directives) {
        const key = directive.name.value === 'join__type' && isResolved(directive) && textArgument(directive, 'key');
        const graph = names.get(textArgument(directive, 'graph') ?? '');
        if (key && graph) this.add(`${graph}.${name.value}`, key);
      }
    }
  }

  /** The outermost fields of all keys by which the subgraph finds the type. */
  of(subgraph: string, type: string | undefined): readonly string[] {
    return this.byType.get(`${subgraph}.${type}`)?.flat() ?? [];
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

  /** The key, as it was written, by which the subgraph finds the type: one of the given fields if there is one. */
  among(subgraph: string, type: string, fields: ReadonlySet<string>): string {
    const keys = this.texts.get(`${subgraph}.${type}`) ?? [];
    return keys.find((key) => outermostNames(key).every((name) => fields.has(name))) ?? keys[0] ?? '';
  }

  private add(type: string, key: string): void {
    this.byType.set(type, [...(this.byType.get(type) ?? []), outermostNames(key)]);
    this.texts.set(type, [...(this.texts.get(type) ?? []), key]);
  }
}

const isResolved = ({ arguments: given = [] }: ConstDirectiveNode): boolean =>
  !given.some(({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value);

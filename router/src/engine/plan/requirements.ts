import type { DocumentNode } from 'graphql';
import { fieldsTypes, graphNames, outermostNames, textArgument } from './join-directives.js';

/** What `@requires` asks for: by subgraph, type and field, the outermost fields of it. */
export class Requirements {
  private readonly byField = new Map<string, ReadonlySet<string>>();
  /** Every name in a `@requires` or in a key. */
  readonly names: ReadonlySet<string>;

  /** Of the supergraph as the planner reads it. */
  constructor(supergraph: DocumentNode) {
    const graphs = graphNames(supergraph);
    const fieldSets: string[] = [];
    for (const { name: type, fields = [], directives: joins = [] } of fieldsTypes(supergraph)) {
      for (const directive of joins) fieldSets.push(textArgument(directive, 'key') ?? '');
      for (const { name: field, directives = [] } of fields) {
        for (const directive of directives) {
          const required = directive.name.value === 'join__field' && textArgument(directive, 'requires');
          const graph = graphs.get(textArgument(directive, 'graph') ?? '');
          if (required) {
            fieldSets.push(required);
            this.byField.set(`${graph}.${type.value}.${field.value}`, new Set(outermostNames(required)));
          }
        }
      }
    }
    this.names = new Set(fieldSets.flatMap((fieldSet) => fieldSet.match(/\w+/g) ?? []));
  }

  get isEmpty(): boolean {
    return this.byField.size === 0;
  }

  /** By the name of the field alone where the type does not know it: it may be an interface of the subgraph. */
  of(subgraph: string, type: string | undefined, field: string): ReadonlySet<string> {
    const own = this.byField.get(`${subgraph}.${type}.${field}`);
    if (own) return own;
    const alike = [...this.byField].filter(([key]) => key.startsWith(`${subgraph}.`) && key.endsWith(`.${field}`));
    return new Set(alike.flatMap(([, names]) => [...names]));
  }
}

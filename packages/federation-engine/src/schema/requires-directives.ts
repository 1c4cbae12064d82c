import { type DocumentNode, Kind, type TypeNode } from 'graphql';
import { fieldsTypes, graphNames, outermostNames, textArgument } from './join-directives.js';

/** What `@requires` asks for, by subgraph, type and field. */
export class RequiresFields {
  /** The outermost fields of it. */
  private readonly byField = new Map<string, ReadonlySet<string>>();
  private readonly texts = new Map<string, string>();
  /** `Type.field` to the name of its type. */
  private readonly types = new Map<string, string>();
  /** Every name in a `@requires` or in a key. */
  readonly names: ReadonlySet<string>;

  /** Of the supergraph as the planner reads it. */
  constructor(supergraph: DocumentNode) {
    const graphs = graphNames(supergraph);
    const fieldSets: string[] = [];
    for (const { name: type, fields = [], directives: joins = [] } of fieldsTypes(supergraph)) {
      for (const directive of joins) fieldSets.push(textArgument(directive, 'key') ?? '');
      for (const { name: field, directives = [], type: declared } of fields) {
        this.types.set(`${type.value}.${field.value}`, namedType(declared));
        for (const directive of directives) {
          const required = directive.name.value === 'join__field' && textArgument(directive, 'requires');
          const graph = graphs.get(textArgument(directive, 'graph') ?? '');
          if (required) {
            fieldSets.push(required);
            const key = `${graph}.${type.value}.${field.value}`;
            this.byField.set(key, new Set(outermostNames(required)));
            this.texts.set(key, required);
          }
        }
      }
    }
    this.names = new Set(fieldSets.flatMap((fieldSet) => fieldSet.match(/\w+/g) ?? []));
  }

  get isEmpty(): boolean {
    return this.byField.size === 0;
  }

  exactly(subgraph: string, type: string, field: string): ReadonlySet<string> {
    return this.byField.get(`${subgraph}.${type}.${field}`) ?? none;
  }

  /** As it was written. */
  text(subgraph: string, type: string, field: string): string {
    return this.texts.get(`${subgraph}.${type}.${field}`) ?? '';
  }

  /** The type that a field has. */
  typeOf(type: string | undefined, field: string): string | undefined {
    return this.types.get(`${type}.${field}`);
  }

  /** By the name of the field alone where the type does not know it: it may be an interface of the subgraph. */
  of(subgraph: string, type: string | undefined, field: string): ReadonlySet<string> {
    const own = this.byField.get(`${subgraph}.${type}.${field}`);
    if (own) return own;
    const alike = [...this.byField].filter(([key]) => key.startsWith(`${subgraph}.`) && key.endsWith(`.${field}`));
    return new Set(alike.flatMap(([, names]) => [...names]));
  }
}

const none: ReadonlySet<string> = new Set();

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type));

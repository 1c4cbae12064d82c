import type { FetchDataRewrite, FetchNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  OverlappingFieldsCanBeMergedRule,
  parse,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  validate,
  visit,
} from 'graphql';
import type { TypedKeys } from '../operation/typed-keys.js';
import type { Supergraph } from '../schema/supergraph.js';
import { entityFields, retainFields } from './entity-fields.js';
import type { FlattenPath } from './flatten.js';

/** A fetch for the entities at its path, or for those of some types only. */
export interface TypedFetch {
  readonly fetch: FetchNode;
  readonly types: ReadonlySet<string> | undefined;
}

/** Makes of the planner's fetches and paths, which speak of typed keys, those that the data is made with. */
export class TypedFetches {
  constructor(
    private readonly keys: TypedKeys,
    private readonly schemaOf: Supergraph['schemaOf'],
  ) {}

  /** Whether objects that are alike may have to become different. */
  get areUsed(): boolean {
    return !this.keys.isEmpty;
  }

  path(path: readonly (string | number)[]): FlattenPath {
    return path.flatMap((step) => {
      const typed = this.keys.get(String(step));
      return typed ? [{ types: typed.types }, typed.dataKey] : [String(step)];
    });
  }

  /** One fetch for everything whose own fragment says which objects it is for, one for each set of types with fields besides. */
  separate(fetch: FetchNode): TypedFetch[] {
    if (!fetch.requires || !this.keys.areIn(fetch.operation)) return [{ fetch: this.named(fetch), types: undefined }];
    const document = parse(fetch.operation, { noLocation: true });
    const groups = new Map<
      string,
      { readonly types: ReadonlySet<string> | undefined; readonly fields: Set<FieldNode> }
    >();
    for (const { field, type } of entityFields(document)) {
      const typed = this.keys.get(responseKey(field));
      const types = typed && !(type !== undefined && typed.types.has(type)) ? typed.types : undefined;
      const key = types ? [...types].sort().join() : '';
      const group = groups.get(key) ?? { types, fields: new Set() };
      groups.set(key, { types, fields: group.fields.add(field) });
    }
    if (groups.size === 1) {
      const [types] = [...groups.values()].map((group) => group.types);
      return [{ fetch: this.named(fetch), types }];
    }
    return [...groups.values()].flatMap(({ types, fields }) => {
      const only = retainFields(document, (field) => fields.has(field));
      return only ? [{ fetch: this.named({ ...fetch, ...only }), types }] : [];
    });
  }

  /**
   * The fetch with the keys of the data. Where the subgraph does not let two types share one, because their fields are not
   * of the same type there, it is asked with the planner's keys, and its answer is renamed.
   */
  named(fetch: FetchNode): FetchNode {
    if (!this.keys.areIn(fetch.operation)) return fetch;
    const document = parse(fetch.operation, { noLocation: true });
    const named = this.withDataKeys(document);
    const rewritten = {
      ...fetch,
      outputRewrites: fetch.outputRewrites?.map((rewrite) => this.rewrite(rewrite)),
      contextRewrites: fetch.contextRewrites?.map((rewrite) => this.rewrite(rewrite)),
    };
    const schema = this.schemaOf(fetch.serviceName);
    if (schema && validate(schema, named, [OverlappingFieldsCanBeMergedRule]).length > 0) {
      return { ...rewritten, outputRewrites: [...this.renamers(document), ...(rewritten.outputRewrites ?? [])] };
    }
    return { ...rewritten, operation: stripIgnoredCharacters(print(named)) };
  }

  private withDataKeys(document: DocumentNode): DocumentNode {
    return visit(document, {
      Field: (node) => {
        const typed = this.keys.get(responseKey(node));
        if (!typed) return undefined;
        const { dataKey: value } = typed;
        return { ...node, alias: value === node.name.value ? undefined : ({ kind: Kind.NAME, value } as const) };
      },
      SelectionSet: { leave: (node) => ({ ...node, selections: onceEach(node.selections) }) },
    });
  }

  private rewrite<Rewrite extends FetchDataRewrite>(rewrite: Rewrite): Rewrite {
    const path = rewrite.path.map((key) => this.keys.dataKey(key));
    if (rewrite.kind === 'ValueSetter') return { ...rewrite, path };
    return { ...rewrite, path, renameKeyTo: this.keys.dataKey(rewrite.renameKeyTo) };
  }

  /** The innermost first: paths name what is around with the planner's keys. */
  private renamers(document: DocumentNode): FetchDataRewrite[] {
    const found: FetchDataRewrite[] = [];
    const around: string[] = [];
    visit(document, {
      Field: {
        enter: (node) => {
          if (node.name.value !== '_entities') around.push(responseKey(node));
        },
        leave: (node) => {
          if (node.name.value === '_entities') return;
          const typed = this.keys.get(responseKey(node));
          if (typed) found.push({ kind: 'KeyRenamer', path: [...around], renameKeyTo: typed.dataKey });
          around.pop();
        },
      },
    });
    return found;
  }
}

const responseKey = ({ alias, name }: FieldNode): string => (alias ?? name).value;

function onceEach(selections: readonly SelectionNode[]): readonly SelectionNode[] {
  const known = new Set<string>();
  return selections.filter((selection) => {
    const text = print(selection);
    return !known.has(text) && known.add(text);
  });
}

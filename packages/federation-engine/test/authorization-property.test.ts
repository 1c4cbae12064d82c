import { describe, expect, it } from '@jest/globals';
import type { AuthorizationContext, ExecutionResult } from '@platform/federation-engine';
import { randomRuns } from '@platform/testkit';
import {
  type ConstDirectiveNode,
  execute,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { type Federation, plain, rights } from './federation.js';
import { randomNumbers, randomOperation } from './random/random-operation.js';
import { fieldsOf, type SubgraphSdl } from './random/schemas.js';
import { World } from './random/world.js';

/**
 * Random operations of random callers on a supergraph full of rules: no denied field is sent to a subgraph, unless the
 * planner itself needs it to join or to require; and everything permitted is answered, with null at denied places. A
 * failure names its seed: `TEST_RANDOM_SEED=<seed> TEST_RANDOM_RUNS=1`.
 */
const { runs, seed: first } = randomRuns(240);

const spec = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@external", "@authenticated", "@requiresScopes", "@policy"
])\n`;
const subgraphs: SubgraphSdl[] = [
  {
    name: 'catalogue',
    typeDefs: `${spec}
      type Query { works: [Work] found: [Found!] authors: [Author!] secret: String @policy(policies: [["root"]]) }
      interface Work @key(fields: "id") { id: ID! title: String author: Author }
      type Book implements Work @key(fields: "id") { id: ID! title: String @policy(policies: [["title"]]) author: Author pages: Int @authenticated }
      type Film implements Work @key(fields: "id") { id: ID! title: String author: Author @requiresScopes(scopes: [["film", "read"], ["all"]]) minutes: Int! @requiresScopes(scopes: [["film"]]) }
      type Author @key(fields: "id") { id: ID! @policy(policies: [["id"]]) name(short: Boolean): String @policy(policies: [["a"], ["b", "id"]]) works: [Work!] shelf: Shelf }
      type Shelf @authenticated { label: String best: Author next: Shelf @policy(policies: [["root"]]) }
      union Found = Book | Film | Author | Shelf`,
  },
  {
    name: 'reviews',
    typeDefs: `${spec}
      type Query { latest: [Review] }
      type Author @key(fields: "id") { id: ID! reviews: [Review!] @policy(policies: [["reviews"]]) name(short: Boolean): String @external initials: String @requires(fields: "name(short: true)") @policy(policies: [["a"], ["b", "id"]]) }
      type Review @key(fields: "id") { id: ID! text: String! @policy(policies: [["text"]]) by: Author! of: Film }
      type Film @key(fields: "id") { id: ID! stars: Int reviews: [Review] @authenticated }`,
  },
];

type Annotated = { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined;
type Rule = (rights: AuthorizationContext) => boolean;
const listed = (held: ReadonlySet<string>, anyOf: string[][]) =>
  anyOf.some((all) => all.every((name) => held.has(name)));

/** The rules as they are written in the subgraphs, by `Type` and `Type.field`. */
function writtenRules(world: World): Map<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const part of world.schemas.parts.values()) {
    for (const type of Object.values(part.getTypeMap())) {
      const nodes: [string, Annotated][] = [
        [type.name, type.astNode],
        ...Object.values(fieldsOf(type)).map((field): [string, Annotated] => [
          `${type.name}.${field.name}`,
          field.astNode,
        ]),
      ];
      for (const [coordinate, node] of nodes) {
        const written = (node?.directives ?? []).flatMap(({ name, arguments: given }): Rule[] => {
          if (name.value === 'authenticated') return [({ authenticated }) => authenticated];
          if (name.value !== 'policy' && name.value !== 'requiresScopes') return [];
          const [argument] = given ?? [];
          const lists = argument?.value.kind === Kind.LIST ? argument.value.values : [];
          const anyOf = lists.map((list) =>
            list.kind === Kind.LIST ? list.values.map((item) => (item.kind === Kind.STRING ? item.value : '')) : [],
          );
          return [({ policies, scopes }) => listed(name.value === 'policy' ? policies : scopes, anyOf)];
        });
        rules.set(coordinate, [...(rules.get(coordinate) ?? []), ...written]);
      }
    }
  }
  return rules;
}

class Judge {
  deniedTypenames = 0;
  readonly marked: SelectionSetNode;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rules: ReadonlyMap<string, Rule[]>,
    private readonly caller: AuthorizationContext,
    root: SelectionSetNode,
  ) {
    const query = schema.getQueryType() as GraphQLCompositeType;
    this.marked = this.set(root, query, [query.name], true);
  }

  private set(
    node: SelectionSetNode,
    type: GraphQLCompositeType,
    possible: readonly string[],
    open: boolean,
  ): SelectionSetNode {
    return { ...node, selections: node.selections.map((selection) => this.selection(selection, type, possible, open)) };
  }

  private selection(
    node: SelectionNode,
    type: GraphQLCompositeType,
    possible: readonly string[],
    open: boolean,
  ): SelectionNode {
    if (node.kind === Kind.FRAGMENT_SPREAD) throw new Error('Only inline fragments are judged');
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const on = this.schema.getType(node.typeCondition?.name.value ?? type.name) as GraphQLCompositeType;
      const narrowed = possible.filter((name) => this.possible(on).includes(name));
      return { ...node, selectionSet: this.set(node.selectionSet, on, narrowed, open && this.permits(on.name)) };
    }
    const name = node.name.value;
    if (name === '__typename') {
      if (!open) this.deniedTypenames++;
      return node;
    }
    const returned = getNamedType(fieldsOf(type)[name]?.type);
    const owners = isAbstractType(type) ? [type.name, ...possible] : [type.name];
    const permitted =
      open &&
      this.permits(returned?.name) &&
      owners.every((owner) => this.permits(`${owner}.${name}`) && (owner === type.name || this.permits(owner)));
    if (!permitted)
      return { ...node, directives: [...(node.directives ?? []), denied], selectionSet: node.selectionSet && nothing };
    if (!node.selectionSet || !isCompositeType(returned)) return node;
    return { ...node, selectionSet: this.set(node.selectionSet, returned, this.possible(returned), true) };
  }

  private permits(coordinate: string | undefined): boolean {
    return (this.rules.get(coordinate ?? '') ?? []).every((rule) => rule(this.caller));
  }

  private possible(type: GraphQLCompositeType): string[] {
    return isAbstractType(type) ? this.schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
  }
}

const [sample] = parse('{ a @denied b { c: __typename @skip(if: true) } }', { noLocation: true }).definitions;
const [marked, empty] = (sample as unknown as { selectionSet: { selections: FieldNode[] } }).selectionSet
  .selections as [FieldNode, FieldNode];
const denied = marked.directives?.[0] as NonNullable<FieldNode['directives']>[number];
const nothing = empty.selectionSet as SelectionSetNode;
const isDenied = ({ directives = [] }: FieldNode) => directives.some(({ name }) => name.value === 'denied');

/** Everything sent to subgraphs that the caller may not have and the planner has no reason of its own to ask for. */
function leaks(
  world: World,
  federation: Federation,
  rules: ReadonlyMap<string, Rule[]>,
  caller: AuthorizationContext,
): string[] {
  const refused = (coordinate: string | undefined) =>
    !(rules.get(coordinate ?? '') ?? []).every((rule) => rule(caller));
  const found: string[] = [];
  const visit = (part: GraphQLSchema, type: unknown, { selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) throw new Error('Subgraph requests have no named fragments');
      if (node.kind === Kind.INLINE_FRAGMENT) {
        visit(part, node.typeCondition ? part.getType(node.typeCondition.name.value) : type, node.selectionSet);
        continue;
      }
      const { value: name } = node.name;
      if (name === '_entities' && node.selectionSet) visit(part, undefined, node.selectionSet);
      const definition = fieldsOf(type)[name];
      if (!definition || !isObjectType(type)) {
        const next = getNamedType(definition?.type);
        if (node.selectionSet && next) visit(part, next, node.selectionSet);
        continue;
      }
      const returned = getNamedType(definition.type);
      const own = node.alias === undefined || node.alias.value.startsWith('_required');
      const needed = own && world.schemas.named.has(`${world.schemas.family(type.name)}.${name}`);
      if (!needed && [`${type.name}.${name}`, type.name, returned.name].some(refused))
        found.push(`${type.name}.${name}`);
      if (node.selectionSet) visit(part, returned, node.selectionSet);
    }
  };
  for (const { subgraph, query } of federation.requests) {
    const part = world.schemas.parts.get(subgraph) as GraphQLSchema;
    for (const definition of parse(query).definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) visit(part, part.getQueryType(), definition.selectionSet);
    }
  }
  return found;
}

function randomRights(draw: (limit: number) => number): AuthorizationContext {
  const some = (names: string[]) => names.filter(() => draw(2) === 0);
  return rights({
    authenticated: draw(2) === 0,
    scopes: some(['film', 'read', 'all']),
    policies: some(['root', 'title', 'id', 'a', 'b', 'reviews', 'text']),
  });
}

describe('authorization of random operations', () => {
  const world = new World(subgraphs);
  const federation = world.federation();
  const api = federation.engine.supergraph.apiSchema;
  const rules = writtenRules(world);
  const whole = world.monolith(api, ({ fieldNodes }) => {
    if (fieldNodes.every(isDenied)) throw new Error('denied');
  });

  it('sends nothing denied to a subgraph, and loses nothing permitted', async () => {
    let answered = 0;
    let refusals = 0;
    for (let seed = first; answered < runs; seed++) {
      const { query, variables } = randomOperation(whole, seed, 1 + (seed % 3), false);
      const document = parse(query, { noLocation: true });
      if (validate(whole, document).length > 0) continue;
      const [operation] = document.definitions;
      if (operation?.kind !== Kind.OPERATION_DEFINITION) continue;
      const caller = randomRights(randomNumbers(seed));
      const judge = new Judge(whole, rules, caller, operation.selectionSet);
      if (judge.deniedTypenames > 0) continue;
      answered++;

      const permitted = { ...document, definitions: [{ ...operation, selectionSet: judge.marked }] };
      const expected = plain(
        (await execute({ schema: whole, document: permitted, variableValues: variables })) as ExecutionResult,
      );
      federation.requests.length = 0;
      const actual = await federation.run(query, { variables, rights: caller });
      refusals += (actual.errors ?? []).filter(
        ({ extensions }) => extensions?.['code'] === 'UNAUTHORIZED_FIELD_OR_TYPE',
      ).length;

      const held = JSON.stringify({ ...caller, scopes: [...caller.scopes], policies: [...caller.policies] });
      const told = `TEST_RANDOM_SEED=${seed}\n${query}\n${JSON.stringify(variables)} ${held}`;
      expect({ told, data: actual.data }).toEqual({ told, data: expected.data });
      expect({ told, leaks: leaks(world, federation, rules, caller) }).toEqual({ told, leaks: [] });
    }
    expect(refusals).toBeGreaterThan(runs > 100 ? 50 : -1);
  }, 3_600_000);
});

import { describe, expect, it } from '@jest/globals';
import { unauthenticated } from '@platform/federation-engine';
import { errorsOf, Federation, rights, type TestSubgraph } from './federation.js';

const link = (imports: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@requires", "@external", ${imports}])\n`;
const directives = '"@authenticated", "@requiresScopes", "@policy"';

const people = [
  { id: '1', name: 'Ada', ssn: 's-1', email: 'a@x', __typename: 'Person' },
  { id: '2', name: 'Bob', ssn: 's-2', email: 'b@x', __typename: 'Person' },
];

const directory: TestSubgraph = {
  name: 'directory',
  typeDefs: `${link(directives)}
    type Query {
      people: [Person!]!
      nobody: [Person!]!
      none: Person
      person: Person
      secretPerson: Person @authenticated
      anything: [Thing]
      things: [Named]
      vault: Vault
      level: Level
      pin: Pin
      open: Int @policy(policies: [])
      either: Int @policy(policies: [["a", "b"], ["c"]])
      both: Int @authenticated @requiresScopes(scopes: [["s"]]) @policy(policies: [["a"]])
      must: Int! @authenticated
    }
    type Mutation { touch: Int grow: Person burn: Int @policy(policies: [["fire"]]) }
    type Person implements Named @key(fields: "ssn") {
      id: ID!
      name: String
      ssn: String! @policy(policies: [["person.ssn.read"]])
      email: String! @authenticated
      friends: [Person!]
      boss: Person
    }
    interface Named { name: String id: ID! }
    type Robot implements Named { id: ID! name: String @authenticated serial: Int }
    type Spy implements Named @authenticated { id: ID! name: String alias: String }
    union Thing = Person | Robot | Spy
    type Vault @authenticated { gold: Int }
    enum Level @authenticated { LOW HIGH }
    scalar Pin @policy(policies: [["pin.read"]])
  `,
  resolvers: {
    Query: {
      people: () => people,
      nobody: () => [],
      person: () => people[0],
      secretPerson: () => people[0],
      anything: () => [
        people[0],
        { __typename: 'Robot', id: 'r', name: 'R2', serial: 2 },
        { __typename: 'Spy', id: 's', name: 'X', alias: 'Y' },
      ],
      things: () => [people[0], { __typename: 'Robot', id: 'r', name: 'R2', serial: 2 }],
      vault: () => ({ gold: 1 }),
      level: () => 'LOW',
      pin: () => '1234',
      open: () => 1,
      either: () => 2,
      both: () => 3,
      must: () => 4,
    },
    Mutation: { touch: () => 1, burn: () => 2, grow: () => people[0] },
    Person: { friends: () => people, boss: () => people[1] },
  },
};

const salaries: TestSubgraph = {
  name: 'salaries',
  typeDefs: `${link(directives)} type Person @key(fields: "ssn") { ssn: String! @policy(policies: [["person.ssn.read"]]) salary: Int }`,
  resolvers: { Person: { salary: ({ ssn }: { ssn: string }) => (ssn === 's-1' ? 100 : 200) } },
};

const office = () => new Federation([directory, salaries]);
const code = 'UNAUTHORIZED_FIELD_OR_TYPE';
const denied = (...paths: string[]) => paths.map((path) => ({ code, path }));

describe('a refused field', () => {
  it('is null with one error per actual place, aliases and list indexes included', async () => {
    const result = await office().run('{ staff: people { name number: ssn friends { ssn } } }', { rights: rights() });
    expect(result.data).toBeNull();
    expect(errorsOf(result)).toEqual(
      denied(
        'staff.0.number',
        'staff.0.friends.0.ssn',
        'staff.0.friends.1.ssn',
        'staff.1.number',
        'staff.1.friends.0.ssn',
        'staff.1.friends.1.ssn',
      ),
    );
  });

  it('propagates no further than the nearest nullable parent', async () => {
    const result = await office().run('{ person { name boss { name email } } }');
    expect(result.data).toEqual({ person: { name: 'Ada', boss: null } });
    expect(errorsOf(result)).toEqual(denied('person.boss.email'));
  });

  it('says which directive refused it and what is missing', async () => {
    const [error] = (await office().run('{ either }', { rights: rights({ policies: ['a'] }) })).errors ?? [];
    expect(error).toEqual({
      message: 'Unauthorized field or type',
      path: ['either'],
      extensions: { code, reason: { directive: 'policy', coordinate: 'Query.either', missing: [['b'], ['c']] } },
    });
  });

  it('is reported without index, once, when its list is empty or its parent null', async () => {
    const result = await office().run('{ nobody { a: ssn ...F } none { ssn } } fragment F on Person { a: ssn }', {
      rights: rights(),
    });
    expect(result.data).toEqual({ nobody: [], none: null });
    expect(errorsOf(result)).toEqual(denied('nobody.a', 'none.ssn'));
  });

  it('is not reported when it is skipped', async () => {
    const query = 'query($with: Boolean!) { person { name ... @include(if: $with) { ssn } } }';
    expect(await office().run(query, { variables: { with: false }, rights: rights() })).toEqual({
      data: { person: { name: 'Ada' } },
    });
    expect(errorsOf(await office().run(query, { variables: { with: true }, rights: rights() }))).toEqual(
      denied('person.ssn'),
    );
  });

  it('reaches no subgraph, also below aliases and fragments', async () => {
    const federation = office();
    await federation.run(
      '{ person { x: email ...F ... on Person { y: email } ... on Named { ... on Person { z: email } } } } fragment F on Person { email name }',
    );
    expect(federation.requests.map(({ query }) => query).join()).not.toContain('email');
  });

  it('still answers whether its parent is there', async () => {
    const federation = office();
    const result = await federation.run('{ people { boss { email } friends { email } id } none { email } }');
    expect(result.data).toEqual({ people: people.map(({ id }) => ({ boss: null, friends: null, id })), none: null });
    expect(errorsOf(result)).toContainEqual({ code, path: 'none.email' });
    expect(errorsOf(result)).toContainEqual({ code, path: 'people.1.friends.1.email' });
  });

  it('needs no plan when nothing else is left', async () => {
    const federation = office();
    expect((await federation.run('{ secretPerson { name } vault { gold } __typename }')).data).toEqual({
      secretPerson: null,
      vault: null,
      __typename: 'Query',
    });
    expect((await federation.run('{ open must }')).data).toBeNull();
    expect(federation.requestsTo('directory').map(({ query }) => query)).toEqual(['{open}']);
  });

  it('may be a key that joins entities all the same', async () => {
    const result = await office().run('{ person { salary ssn } other: person { salary } }', { rights: rights() });
    expect(result.data).toEqual({ person: null, other: { salary: 100 } });
    expect(errorsOf(result)).toEqual(denied('person.ssn'));
  });
});

describe('rules', () => {
  const all = { scopes: ['s'], policies: ['a'] };
  it.each([
    ['an empty outer list asks for nothing', '{ open }', {}, { open: 1 }],
    ['outer lists are alternatives', '{ either }', { policies: ['c'] }, { either: 2 }],
    ['inner lists ask for all', '{ either }', { policies: ['a', 'b'] }, { either: 2 }],
    ['a part of an inner list is not enough', '{ either }', { policies: ['b'] }, { either: null }],
    ['different directives add up', '{ both }', all, { both: 3 }],
    ['no scope', '{ both }', { ...all, scopes: [] }, { both: null }],
    ['no policy', '{ both }', { ...all, policies: [] }, { both: null }],
    ['not authenticated', '{ both }', { ...all, authenticated: false }, { both: null }],
    ['the type’s rule holds for fields that return it', '{ vault { gold } }', {}, { vault: { gold: 1 } }],
    ['also when anonymous', '{ vault { __typename } }', { authenticated: false }, { vault: null }],
    ['an enum’s rule too', '{ level }', { authenticated: false }, { level: null }],
    ['a scalar’s rule too', '{ pin }', {}, { pin: null }],
    ['and lets through who satisfies it', '{ pin level }', { policies: ['pin.read'] }, { pin: '1234', level: 'LOW' }],
  ])('%s', async (_name, query, held, data) => {
    const result = await office().run(query, { rights: rights(held) });
    expect(result.data).toEqual(data);
  });

  it('explain a refusal in the order authenticated, scopes, policies', async () => {
    const reasonFor = async (held: Parameters<typeof rights>[0]) => {
      const { errors } = await office().run('{ both }', { rights: rights(held) });
      return (errors?.[0]?.extensions?.['reason'] as { directive: string } | undefined)?.directive;
    };
    expect(await reasonFor({ authenticated: false })).toBe('authenticated');
    expect(await reasonFor({})).toBe('requiresScopes');
    expect(await reasonFor({ scopes: ['s'] })).toBe('policy');
  });

  it('are read from one plan for all whom they treat alike', async () => {
    const { engine } = office();
    const operation = engine.operation('{ both }');
    const planned = async (held: Parameters<typeof rights>[0]) =>
      (await engine.prepare(operation, rights(held))).planned;
    expect(await planned({ policies: ['x'] })).toBe(await planned({ policies: ['y'] }));
    expect(await planned({ policies: ['a'] })).not.toBe(await planned({ policies: ['y'] }));
  });

  it('are found by the URL of their specification, whatever their name', async () => {
    const federation = new Federation([
      {
        name: 'a',
        typeDefs: `${link('{ name: "@authenticated", as: "@login" }, { name: "@policy", as: "@may" }')}
          directive @authenticated on FIELD_DEFINITION
          type Query { free: Int @authenticated mine: Int @login ours: Int @may(policies: [["p"]]) }`,
        resolvers: { Query: { free: () => 1, mine: () => 2, ours: () => 3 } },
      },
    ]);
    expect((await federation.run('{ free mine ours }')).data).toEqual({ free: 1, mine: null, ours: null });
    expect((await federation.run('{ free mine ours }', { rights: rights({ policies: ['p'] }) })).data).toEqual({
      free: 1,
      mine: 2,
      ours: 3,
    });
  });
});

describe('abstract types', () => {
  it('refuse a plain field on an interface unless every implementer’s rule is satisfied', async () => {
    const result = await office().run(
      '{ things { id name ... on Person { name: name mail: email } ... on Robot { serial name } } }',
    );
    expect(result.data).toEqual({ things: [null, null] });
    const anonymous = await office().run('{ things { __typename ... on Person { name } ... on Robot { serial } } }');
    expect(anonymous).toEqual({
      data: {
        things: [
          { __typename: 'Person', name: 'Ada' },
          { __typename: 'Robot', serial: 2 },
        ],
      },
    });
    const known = await office().run('{ things { name } }', { rights: rights() });
    expect(known).toEqual({ data: { things: [{ name: 'Ada' }, { name: 'R2' }] } });
  });

  it('do not ask one implementer’s reader for another’s rule', async () => {
    const federation = new Federation([
      {
        name: 'a',
        typeDefs: `${link(directives)}
          type Query { parts: [Part] }
          interface Part { id: ID! }
          type Left implements Part @policy(policies: [["left"]]) { id: ID! }
          type Right implements Part @policy(policies: [["right"]]) { id: ID! }`,
        resolvers: {
          Query: {
            parts: () => [
              { __typename: 'Left', id: '1' },
              { __typename: 'Right', id: '2' },
            ],
          },
        },
      },
    ]);
    const left = rights({ policies: ['left'] });
    expect(await federation.run('{ parts { ... on Left { id } } }', { rights: left })).toEqual({
      data: { parts: [{ id: '1' }, {}] },
    });
    expect((await federation.run('{ parts { id } }', { rights: left })).data).toEqual({ parts: [null, null] });
    expect(
      (await federation.run('{ parts { id } }', { rights: rights({ policies: ['left', 'right'] }) })).data,
    ).toEqual({
      parts: [{ id: '1' }, { id: '2' }],
    });
  });

  it('prefer a permitted fragment to a refused plain field of the same name', async () => {
    const result = await office().run('{ things { name ... on Person { name } } }');
    expect(result.data).toEqual({ things: [{ name: 'Ada' }, { name: null }] });
    expect(errorsOf(result)).toEqual(denied('things.1.name'));
  });

  it('judge unions fragment by fragment, nested type conditions included', async () => {
    const result = await office().run(`{ anything {
      ... on Person { name }
      ... on Robot { serial name }
      ... on Spy { alias }
      ... on Named { ... on Person { id } ... on Spy { id } }
    } }`);
    expect(result.data).toEqual({ anything: [{ name: 'Ada', id: '1' }, { serial: 2, name: null }, null] });
    expect(errorsOf(result)).toEqual(denied('anything.1.name', 'anything.2.alias', 'anything.2.id'));
  });
});

describe('a mutation', () => {
  it('with one refused root field runs nothing', async () => {
    const federation = office();
    const result = await federation.run('mutation { touch burn again: burn grow { id email } }');
    expect(result.data).toBeNull();
    expect(errorsOf(result)).toEqual(denied('burn', 'again', 'grow.email'));
    expect(federation.requests).toHaveLength(0);
  });

  it('runs when the refusal is further down', async () => {
    const result = await office().run('mutation { touch grow { name boss { ssn } } }', { rights: rights() });
    expect(result.data).toEqual({ touch: 1, grow: { name: 'Ada', boss: null } });
    expect(errorsOf(result)).toEqual(denied('grow.boss.ssn'));
  });
});

describe('refusals', () => {
  it('can be listed without executing', () => {
    const { engine } = office();
    const operation = engine.operation('{ people { n: name e: email } vault { gold } }');
    const refusals = engine.authorizationErrors(operation, unauthenticated, engine.coerceVariables(operation, {}));
    expect(refusals.map(({ path }) => path)).toEqual([['people', 'e'], ['vault']]);
  });
});

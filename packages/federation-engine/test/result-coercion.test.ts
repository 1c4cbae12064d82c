import { describe, expect, it } from '@jest/globals';
import type { SubgraphResponse } from '@platform/federation-engine';
import { parseJson } from '@platform/foundation/json';
import { errorsOf, Federation } from './federation.js';

const open = () =>
  new Federation([
    {
      name: 'a',
      typeDefs: `scalar JSON
        type Query { leaf: Leaf strict: Strict lists: Lists thing: Thing things: [Thing] self: Query }
        type Mutation { leaf: Leaf }
        type Leaf { int: Int float: Float string: String boolean: Boolean id: ID mood: Mood json: JSON ints: [Int] strings: [String!] }
        type Strict { boolean: Boolean! }
        type Lists { grid: [[Int!]!]! }
        enum Mood { GOOD BAD }
        type Thing @key(fields: "id") { id: ID! }
        type Other { id: ID! }`,
    },
    { name: 'b', typeDefs: 'type Thing @key(fields: "id") { id: ID! name: String size: Int }' },
  ]);

const shared = open();

/** Runs on what the subgraphs answer, as JSON text. Clients read numbers as doubles. */
async function run(query: string, a: string, b?: string) {
  const federation = shared;
  federation.intercepts.set('a', async ({ exactFields }) => parseJson(a, exactFields) as SubgraphResponse);
  federation.intercepts.set('b', async ({ exactFields }) => parseJson(b ?? '', exactFields) as SubgraphResponse);
  const result = await federation.run(query);
  return {
    data: JSON.parse(JSON.stringify(result.data)) as typeof result.data,
    errors: errorsOf(result),
    all: result.errors ?? [],
  };
}

const invalid = 'SUBGRAPH_INVALID_RESPONSE';
const anything = [
  '"text"',
  '5',
  '1.5',
  '2147483648',
  '-2147483649',
  '9007199254740993',
  '9007199254740996',
  '1e400',
  '1.0',
  '-0',
  'true',
  '"NaN"',
  '"5"',
  '{"a":1}',
  '[]',
  '[1]',
  '""',
];

/** What a scalar has, and how it is written. Everything else is none of its values. */
const own: Record<string, Record<string, unknown>> = {
  int: { '5': 5, '1.0': 1, '-0': 0 },
  float: {
    '5': 5,
    '1.5': 1.5,
    '2147483648': 2147483648,
    '-2147483649': -2147483649,
    '9007199254740993': 9007199254740992,
    '9007199254740996': 9007199254740996,
    '1.0': 1,
    '-0': -0,
  },
  string: { '"text"': 'text', '"NaN"': 'NaN', '"5"': '5', '""': '' },
  boolean: { true: true },
  id: {
    '"text"': 'text',
    '"NaN"': 'NaN',
    '"5"': '5',
    '""': '',
    '5': '5',
    '2147483648': '2147483648',
    '-2147483649': '-2147483649',
    '9007199254740993': '9007199254740993',
    '9007199254740996': '9007199254740996',
  },
  mood: {},
  ints: { '[]': [], '[1]': [1] },
  strings: { '[]': [] },
};

describe('a leaf of a subgraph’s answer', () => {
  it.each(Object.keys(own))('is a value of its type, or null with an error: %s', async (field) => {
    for (const text of anything) {
      const { data, errors } = await run(`{ leaf { x: ${field} } }`, `{"data":{"leaf":{"x":${text}}}}`);
      const known = own[field] as Record<string, unknown>;
      if (text in known) {
        expect([text, data, errors]).toEqual([text, { leaf: { x: known[text] } }, []]);
        continue;
      }
      const item = field === 'strings' && text === '[1]';
      expect([text, data]).toEqual([text, { leaf: { x: null } }]);
      expect([text, errors]).toEqual([text, [{ code: invalid, path: item ? 'leaf.x.0' : 'leaf.x' }]]);
    }
  });

  it.each(anything)('is anything where the scalar is custom: %s', async (text) => {
    const federation = open();
    const answer = `{"data":{"leaf":{"json":${text}}}}`;
    federation.intercepts.set('a', async ({ exactFields }) => parseJson(answer, exactFields) as SubgraphResponse);
    const { engine } = federation;
    const operation = engine.operation('{ leaf { json } }');
    const result = await engine.execute(await engine.prepare(operation));
    expect(result.json().toString()).toBe(`{"data":{"leaf":{"json":${text}}}}`);
  });

  it('takes its parents with it where it may not be null', async () => {
    expect(await run('{ strict { boolean } }', '{"data":{"strict":{"boolean":"no"}}}')).toMatchObject({
      data: { strict: null },
      errors: [{ code: invalid, path: 'strict.boolean' }],
    });
    expect(await run('{ lists { grid } }', '{"data":{"lists":{"grid":[[1],[2,{"x":3}]]}}}')).toMatchObject({
      data: { lists: null },
      errors: [{ code: invalid, path: 'lists.grid.1.1' }],
    });
  });

  it('is held to its type in deferred parts and in mutations as well', async () => {
    const federation = open();
    federation.intercepts.set('a', async () => ({ data: { leaf: { int: 'x', string: { a: 1 } } } }));
    const pieces = await federation.runInParts('{ leaf { ... @defer { int } string } }');
    const errors = pieces.flatMap((piece) => [
      ...errorsOf(piece),
      ...(piece.incremental ?? []).flatMap((part) => errorsOf(part)),
    ]);
    expect(errors).toEqual([
      { code: invalid, path: 'leaf.string' },
      { code: invalid, path: 'leaf.int' },
    ]);
    const { errors: ofMutation } = await run('mutation { leaf { boolean } }', '{"data":{"leaf":{"boolean":1}}}');
    expect(ofMutation).toEqual([{ code: invalid, path: 'leaf.boolean' }]);
  });

  it('is not written where it is too deep for anyone', async () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const federation = open();
    federation.intercepts.set('a', async () => ({ data: { leaf: { json: deep, int: 1 } } }));
    const result = await federation.run('{ leaf { json int } }');
    expect(result.data).toEqual({ leaf: { json: null, int: 1 } });
    expect(errorsOf(result)).toEqual([{ code: invalid, path: 'leaf.json' }]);
  });
});

describe('an object of a subgraph’s answer', () => {
  it.each([
    '5',
    '"x"',
    'true',
    '[]',
    '9007199254740993',
    '1.0',
    '{"__typename":"Other"}',
    '{"__typename":5}',
    '{"__typename":null}',
  ])('is null with an error where it is none of its type: %s', async (text) => {
    const { data, errors } = await run('{ leaf { int } }', `{"data":{"leaf":${text}}}`);
    expect(data).toEqual({ leaf: null });
    expect(errors).toEqual([{ code: invalid, path: 'leaf' }]);
  });
});

describe('entities of a subgraph', () => {
  const things = '{"data":{"things":[{"__typename":"Thing","id":"1"},{"__typename":"Thing","id":"2"}]}}';

  it.each([
    '5',
    '"x"',
    'true',
    '[]',
    '[{"name":"b"}]',
    '1.0',
    '{"__typename":"Other","name":"b"}',
    '{"__typename":7,"name":"b"}',
  ])('fail alone where one is no entity: %s', async (entity) => {
    const { data, errors } = await run(
      '{ things { id name } }',
      things,
      `{"data":{"_entities":[{"name":"a"},${entity}]}}`,
    );
    expect(data).toEqual({
      things: [
        { id: '1', name: 'a' },
        { id: '2', name: null },
      ],
    });
    expect(errors).toEqual([{ code: invalid, path: 'things.1.name' }]);
  });

  it.each([
    '{"data":{"_entities":[]}}',
    '{"data":{"_entities":[null,null,null]}}',
    '{"data":{"_entities":5}}',
    '{"data":{}}',
    '{"data":null}',
    '{"data":null,"errors":[]}',
    '{"data":{"_entities":null}}',
  ])('fail together where there is not one for each: %s', async (answer) => {
    const { data, errors } = await run('{ things { name } }', things, answer);
    expect(data).toEqual({ things: [{ name: null }, { name: null }] });
    expect(errors).toEqual([0, 1].map((index) => ({ code: invalid, path: `things.${index}.name` })));
  });

  it('may be null', async () => {
    const { data, errors } = await run('{ things { name } }', things, '{"data":{"_entities":[{"name":"a"},null]}}');
    expect([data, errors]).toEqual([{ things: [{ name: 'a' }, { name: null }] }, []]);
  });
});

describe('errors of a subgraph', () => {
  it.each(['"boom"', '5', '{}', '[5]', '[null]', '[["x"]]', 'true'])(
    'that are no errors make it no answer: %s',
    async (list) => {
      const { data, errors } = await run('{ leaf { int } }', `{"data":{"leaf":{"int":1}},"errors":${list}}`);
      expect([data, errors]).toEqual([{ leaf: null }, [{ code: invalid, path: 'leaf' }]]);
    },
  );

  it.each([
    ['{}', undefined],
    ['{"message":{"a":1}}', undefined],
    ['{"message":"m","path":"leaf"}', undefined],
    ['{"message":"m","path":[{}]}', undefined],
    ['{"message":"m","path":[1.5]}', undefined],
    ['{"message":"m","path":[-1]}', undefined],
    ['{"message":"m","path":[9007199254740993]}', undefined],
    ['{"message":"m","path":["leaf",null]}', undefined],
    ['{"message":"m","path":["leaf",0,"x"]}', 'leaf'],
    ['{"message":"m","path":["leaf","__proto__","x"]}', 'leaf'],
    ['{"message":"m","path":["leaf"],"locations":"here","extensions":"abc"}', 'leaf'],
    ['{"message":"m","path":["leaf"],"locations":[{"line":-1}],"extensions":[1,2]}', 'leaf'],
    ['{"message":"m","path":["leaf"],"extensions":{"code":{"a":1},"n":12345678901234567890}}', 'leaf'],
  ])('are told as errors, whatever is odd about them: %s', async (error, path) => {
    const { data, all, errors } = await run('{ leaf { int } }', `{"data":{"leaf":null},"errors":[${error}]}`);
    expect(data).toEqual({ leaf: null });
    expect(errors.map(({ path: told }) => told)).toEqual([path]);
    expect(all[0]).toEqual({
      message: expect.any(String),
      ...(path && { path: path.split('.') }),
      extensions: expect.objectContaining({ service: 'a' }),
    });
    expect(Object.keys(all[0]?.extensions ?? {}).filter((name) => /^\d/.test(name))).toEqual([]);
  });

  it('beyond all entities are told of all of them', async () => {
    const things = '{"data":{"things":[{"__typename":"Thing","id":"1"},{"__typename":"Thing","id":"2"}]}}';
    const answer = '{"data":{"_entities":[null,null]},"errors":[{"message":"m","path":["_entities",7,"name"]}]}';
    const { errors } = await run('{ things { name } }', things, answer);
    expect(errors.map(({ path }) => path)).toEqual(['things.0.name', 'things.1.name']);
  });

  it('are not multiplied without end', async () => {
    const many = (count: number, item: (index: number) => string) =>
      Array.from({ length: count }, (_, at) => item(at)).join();
    const things = `{"data":{"things":[${many(500, (at) => `{"__typename":"Thing","id":"${at}"}`)}]}}`;
    const answer = `{"data":null,"errors":[${many(2_000, () => '{"message":"m"}')}]}`;
    const { errors } = await run('{ things { name } }', things, answer);
    expect(errors.length).toBeLessThanOrEqual(10_000);
  });

  it('are clipped where their messages are long', async () => {
    const answer = `{"data":{"_entities":[null]},"errors":[{"message":"${'m'.repeat(100_000)}","path":["_entities",0,"name"]}]}`;
    const { all } = await run('{ things { name } }', '{"data":{"things":[{"__typename":"Thing","id":"1"}]}}', answer);
    expect(all.map(({ message }) => message.length)).toEqual([2_000]);
  });

  it('cost no walk through the data each', async () => {
    const times = async (errors: number) => {
      const many = (count: number, item: (index: number) => string) =>
        Array.from({ length: count }, (_, at) => item(at)).join();
      const things = `{"data":{"things":[${many(4_000, (at) => `{"__typename":"Thing","id":"${at}"}`)}]}}`;
      const answer = `{"data":{"_entities":[${many(4_000, () => 'null')}]},"errors":[${many(errors, (at) => `{"message":"m","path":["_entities",${at},"name"]}`)}]}`;
      const started = process.cpuUsage();
      const { errors: told } = await run('{ things { name } }', things, answer);
      const { user } = process.cpuUsage(started);
      expect(told.length).toBe(errors);
      return user;
    };
    await times(1);
    const few = await times(1);
    // A walk for each takes some hundred times as long as everything else.
    expect(await times(4_000)).toBeLessThan(30 * few);
  });
});

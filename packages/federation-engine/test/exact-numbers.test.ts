import { describe, expect, it } from '@jest/globals';
import {
  Engine,
  type EngineOptions,
  loadSupergraph,
  type PrepareOptions,
  type SubgraphRequest,
  type SubgraphResponse,
  unauthenticated,
} from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { parseJson } from '@platform/foundation/json';
import fc from 'fast-check';
import { Kind, parse, type ValueNode, visit } from 'graphql';
import { linked } from './federation.js';

const { sdl } = composeSupergraph(
  Object.entries({
    a: `scalar Long scalar JSON
      type Query { account: Account accounts: [Account!] json(of: JSON, in: Box, list: [Long!]): JSON byId(id: ID!, at: Float, n: Int): String }
      type Mutation { set(l: Long): Long }
      type Subscription { changed(of: JSON): Account }
      type Account @key(fields: "id") { id: Long! }
      input Box { any: JSON longs: [[Long]] box: Box name: String }`,
    b: `scalar Long scalar JSON
      type Account @key(fields: "id") { id: Long! owner: String note: JSON size: Float rank: Int code: ID }`,
  }).map(([name, typeDefs]) => ({ name, typeDefs: linked(typeDefs), url: `http://${name}` })),
);

type Answers = Record<string, (request: SubgraphRequest) => string>;

/** Subgraphs that see and give texts, as those behind a network do. */
function open(answers: Answers, options: Partial<EngineOptions> = {}) {
  const sent: { subgraph: string; query: string; variables: string }[] = [];
  const engine = new Engine({
    supergraph: loadSupergraph(sdl),
    endpoints: (subgraph) => ({
      execute: async (request) => {
        const variables = request.body?.match(/"variables":(.*)\}$/s)?.[1] ?? '';
        sent.push({ subgraph, query: request.query, variables });
        return parseJson(answers[subgraph]?.(request) ?? '{"data":{}}', request.exactFields) as SubgraphResponse;
      },
      subscribe: async (request) => {
        sent.push({ subgraph, query: request.query, variables: JSON.stringify(request.variables) });
        return (async function* () {
          yield parseJson(answers[subgraph]?.(request) ?? '{"data":{}}') as SubgraphResponse;
        })();
      },
    }),
    ...options,
  });
  const prepared = async (query: string, variables = '{}', options: PrepareOptions = {}) => {
    const operation = engine.operation(query);
    const given = parseJson(variables) as Record<string, unknown>;
    return engine.prepare(operation, unauthenticated, engine.coerceVariables(operation, given), options);
  };
  const run = async (query: string, variables?: string) =>
    (await engine.execute(await prepared(query, variables))).json().toString();
  return { engine, sent, prepared, run };
}

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 22 });
const numberText = fc
  .tuple(fc.boolean(), digits, fc.option(digits), fc.option(fc.tuple(fc.constantFrom('e', 'E+', 'e-'), fc.nat(500))))
  .map(
    ([minus, whole, fraction, exponent]) =>
      `${minus ? '-' : ''}${whole.replace(/^0+(?=.)/, '')}${fraction === null ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`,
  );
const name = fc.constantFrom('a', 'b', '__typename', 'id', 'text', 'toJSON', 'data', 'errors');
const strings = fc.oneof(
  fc.string(),
  numberText,
  fc.constantFrom('\u0001', '\u0001n1', '\u0001s', '":1.0', '\u0001n1.0"'),
);

/** JSON texts in compact form, whose names are also names of GraphQL. */
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    numberText,
    strings.map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null'),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(name, tie('json')), { maxLength: 4, selector: ([key]) => key })
      .map((fields) => `{${fields.map(([key, value]) => `"${key}":${value}`).join(',')}}`),
  ),
})) as { json: fc.Arbitrary<string> };

const literal = (text: string): string =>
  text.replace(/"([^"\\]|\\.)*"(:?)/g, (all, _, colon) => (colon ? all.replaceAll('"', '') : all));

function textOf(node: ValueNode): string {
  switch (node.kind) {
    case Kind.LIST:
      return `[${node.values.map(textOf).join(',')}]`;
    case Kind.OBJECT:
      return `{${node.fields.map((field) => `"${field.name.value}":${textOf(field.value)}`).join(',')}}`;
    case Kind.STRING:
      return JSON.stringify(node.value);
    case Kind.NULL:
      return 'null';
    default:
      return String((node as { value: unknown }).value);
  }
}

/** The value of an argument, as the subgraph reads it in the document. */
function argumentIn(query: string, argument: string): string {
  let found = '';
  visit(parse(query), {
    Argument(node) {
      if (node.name.value === argument) found = textOf(node.value);
    },
  });
  return found;
}

const runs = { numRuns: 300 };

describe('values of custom scalars', () => {
  it('come through from subgraphs as they were written', async () => {
    let answer = '';
    const { run } = open({ a: () => `{"data":{"json":${answer}}}` });
    await fc.assert(
      fc.asyncProperty(json, async (text) => {
        answer = text;
        expect(await run('{ json }')).toBe(`{"data":{"json":${text}}}`);
      }),
      runs,
    );
  });

  it('come through from variables as they were written, also from inside input objects', async () => {
    const { run, sent } = open({});
    const query = 'query ($of: JSON, $in: Box) { json(of: $of, in: $in) }';
    await fc.assert(
      fc.asyncProperty(json, numberText, async (text, number) => {
        const box = `{"any":${text},"longs":[[${number}]],"box":{"any":[${number}]}}`;
        await run(query, `{"of":${text},"in":${box}}`);
        expect(sent.pop()?.variables).toBe(`{"of":${text},"in":${box}}`);
      }),
      runs,
    );
  });

  it('come through from documents as they were written: inline, in input objects and lists, as defaults', async () => {
    const { run, sent } = open({});
    await fc.assert(
      fc.asyncProperty(json, numberText, fc.string(), async (text, number, plain) => {
        const word = JSON.stringify(`\u0001${plain}`);
        const box = `{any:${literal(text)},name:${word},longs:[[${number}]],box:{any:[${number}]}}`;
        await run(`{ json(of: ${literal(text)}, in: ${box}, list: ${number}) }`);
        const query = sent.pop()?.query ?? '';
        expect(argumentIn(query, 'of')).toBe(text);
        expect(argumentIn(query, 'list')).toMatch(number);
        expect(argumentIn(query, 'in')).toBe(
          `{"any":${text},"longs":[[${number}]],"box":{"any":[${number}]},"name":${word}}`,
        );

        await run(`query ($of: JSON = ${literal(text)}, $in: Box = ${box}) { json(of: $of, in: $in) }`);
        expect(sent.pop()?.variables).toBe(
          `{"of":${text},"in":{"any":${text},"longs":[[${number}]],"box":{"any":[${number}]},"name":${word}}}`,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('stay what they are beside variables in a literal', async () => {
    const { run, sent } = open({});
    await run('query ($x: JSON) { json(of: { n: 12345678901234567890, v: $x, w: [1.0, $x] }) }', '{"x":1.50}');
    const [{ query, variables } = { query: '', variables: '' }] = sent;
    expect(query).toContain('{n:12345678901234567890 v:$x w:[1.0$x]}');
    expect(variables).toBe('{"x":1.50}');
  });
});

/** Two that are one as doubles. */
const near = ['9007199254740993', '9007199254740992'];
const accounts = (ids: readonly string[]) => ids.map((id) => `{"__typename":"Account","id":${id}}`).join(',');
const owners = ({ body = '' }: SubgraphRequest): string => {
  const ids = [...body.matchAll(/"id":([^,}]+)/g)].map(([, id]) => id);
  return `{"data":{"_entities":[${ids.map((id) => `{"owner":"owner of ${id}"}`).join(',')}]}}`;
};

describe('keys of entities', () => {
  const listed = { a: () => `{"data":{"accounts":[${accounts([...near, ...near, '1.0', '1'])}]}}`, b: owners };
  const whole = [...near, ...near, '1.0', '1'].map((id) => `{"id":${id},"owner":"owner of ${id}"}`).join(',');

  it('tell entities apart that are one as doubles, and ask for each once', async () => {
    const { run, sent } = open(listed);
    expect(await run('{ accounts { id owner } }')).toBe(`{"data":{"accounts":[${whole}]}}`);
    expect(sent[1]?.variables).toBe(`{"representations":[${accounts([...near, '1.0', '1'])}]}`);
  });

  it('are the same in deferred parts', async () => {
    const { engine, prepared } = open(listed);
    const parts = await engine.executeIncremental(
      await prepared('{ accounts { id ... @defer { owner } } }', '{}', { incremental: true }),
    );
    let text = '';
    if (Symbol.asyncIterator in parts) for await (const part of parts) text += part.json().toString();
    for (const id of near) {
      expect(text).toContain(`"id":${id}`);
      expect(text).toContain(`"owner of ${id}"`);
    }
  });

  it('are the same in the events of subscriptions', async () => {
    const { engine, prepared, sent } = open({
      a: () => `{"data":{"changed":{"__typename":"Account","id":${near[0]}}}}`,
      b: owners,
    });
    const query = 'subscription ($of: JSON) { changed(of: $of) { id owner } }';
    const results: string[] = [];
    const ready = await prepared(query, '{"of":[1.0]}');
    for await (const event of (await engine.subscribe(ready)) ?? []) {
      results.push((await engine.complete(ready, event)).json().toString());
    }
    expect(results).toEqual([`{"data":{"changed":{"id":${near[0]},"owner":"owner of ${near[0]}"}}}`]);
    expect(sent[0]?.variables).toBe('{"of":[1.0]}');
    const source = async (of: string) => engine.sourceOf(await prepared(query, `{"of":${of}}`));
    expect(await source(near[0] as string)).not.toBe(await source(near[1] as string));
  });
});

describe('what a subgraph is asked for', () => {
  const asked = async (query: string) => {
    const known: string[][] = [];
    const answer = (text: string) => (request: SubgraphRequest) => {
      known.push([...(request.exactFields?.names ?? [])].filter((name) => name !== 'errors' && name !== 'extensions'));
      return text;
    };
    const { run } = open({
      a: answer(`{"data":{"accounts":[{"__typename":"Account","id":${near[0]}}]}}`),
      b: answer('{"data":{"_entities":[{}]}}'),
    });
    await run(query);
    return known;
  };

  it.each([
    ['{ byId(id: 1) }', [[]]],
    ['{ json }', [['json']]],
    ['{ accounts { id } }', [['id']]],
    ['{ one: accounts { key: id } }', [['key']]],
    ['{ accounts { owner } }', [['id'], []]],
    ['{ accounts { rank owner } }', [['id'], []]],
    ['{ accounts { size } }', [['id'], ['size']]],
    ['{ accounts { n: note size ...more } } fragment more on Account { rank code }', [['id'], ['n', 'size', 'code']]],
  ])('says which numbers have to be exact, those of ids, floats and custom scalars: %s', async (query, names) => {
    expect(await asked(query)).toEqual(names);
  });
});

describe('operations that are one as doubles', () => {
  it('are not answered by each other', async () => {
    const { run, sent } = open({ a: ({ body = '' }) => `{"data":{"json":"${body.match(/\d{16}/)?.[0]}"}}` });
    const answers = await Promise.all(
      near.flatMap((of) => [run('query ($of: JSON) { json(of: $of) }', `{"of":${of}}`), run(`{ json(of: ${of}) }`)]),
    );
    expect(answers).toEqual(near.flatMap((of) => Array(2).fill(`{"data":{"json":"${of}"}}`)));
    expect(sent).toHaveLength(4);
  });
});

describe('numbers of GraphQL’s own scalars', () => {
  it.each([
    ['{"id":9007199254740993}', '{"id":"9007199254740993"}'],
    ['{"id":-12345678901234567890}', '{"id":"-12345678901234567890"}'],
    ['{"id":1.0}', '{"id":"1"}'],
    ['{"id":"007","at":1.50,"n":1.0}', '{"id":"007","at":1.5,"n":1}'],
    ['{"id":"1","at":12345678901234567890}', '{"id":"1","at":12345678901234567000}'],
    ['{"id":"1","at":-0}', '{"id":"1","at":0}'],
  ])('are taken from variables as the specification says: %s', async (given, arrives) => {
    const { run, sent } = open({});
    await run('query ($id: ID!, $at: Float, $n: Int) { byId(id: $id, at: $at, n: $n) }', given);
    expect(sent[0]?.variables).toBe(arrives);
  });

  it.each([
    '{"id":1.5}',
    '{"id":1e300}',
    '{"id":"1","at":1e400}',
    '{"id":"1","n":9007199254740993}',
    '{"id":"1","n":1.50}',
  ])('are refused where they are none: %s', async (given) => {
    const { run, sent } = open({});
    const query = 'query ($id: ID!, $at: Float, $n: Int) { byId(id: $id, at: $at, n: $n) }';
    await expect(run(query, given)).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(sent).toEqual([]);
  });

  it('are refused in documents where no double is near', async () => {
    await expect(open({}).run('{ byId(id: 1, at: 1e400) }')).rejects.toMatchObject({
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });
});

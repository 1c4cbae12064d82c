import { Engine, loadSupergraph, RequestRefused, unauthenticated } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import fc from 'fast-check';
import { buildSchema, parse, validate } from 'graphql';
import { caught } from '../src/operation/caught-rules.js';

const typeDefs = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")
  enum E { A B }
  input I { e: E = A n: Int! list: [[I!]] }
  interface N { id: ID! }
  type T implements N { id: ID! t(i: I, s: [String!]! = ["x"]): [T!]! u: U }
  type O implements N { id: ID! }
  union U = T | O
  type Query { t: T n(id: ID!): N u: U }
  type Mutation { m(i: I!): T }
  type Subscription { ticks(n: Int): T news: Int }`;

const engine = new Engine({
  supergraph: loadSupergraph(composeSupergraph([{ name: 'a', url: 'http://a', typeDefs }]).sdl),
  endpoints: () => {
    throw new Error('Nothing is asked');
  },
});

/** What a request comes to before anything is asked: undefined, or the code of its refusal. */
async function outcome(query: string, variables: Record<string, unknown> = {}): Promise<string | undefined> {
  try {
    const operation = engine.operation(query);
    const values = engine.coerceVariables(operation, variables);
    await engine.prepare(operation, unauthenticated, values);
    return undefined;
  } catch (error) {
    if (error instanceof RequestRefused) return String(error.errors[0]?.extensions?.code);
    throw error;
  }
}

describe('a condition at the root of a subscription', () => {
  it.each([
    'subscription ($s: Boolean!) { ticks @skip(if: $s) { id } }',
    'subscription ($s: Boolean!) { ... @include(if: $s) { news } }',
    'subscription ($s: Boolean!) { ...F } fragment F on Subscription { news @include(if: $s) }',
    'subscription { ...F } fragment F on Subscription { ... @skip(if: false) { ...F news } }',
    'subscription ($s: Boolean! = true) { ... on Subscription @skip(if: $s) { news } }',
    'subscription { news @skip(if: true) }',
    'subscription { news @include }',
    'subscription { news @skip(if: $unknown) }',
    'subscription { news @skip(if: 7) }',
    'subscription { news ticks @skip(if: null) { id } }',
  ])('is a mistake of the request: %s', async (query) => {
    expect(await outcome(query, { s: true })).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('is none below the root, nor at other roots', async () => {
    expect(await outcome('subscription ($s: Boolean!) { ticks { id @skip(if: $s) } }', { s: false })).toBeUndefined();
    expect(await outcome('query ($s: Boolean!) { t @skip(if: $s) { id } }', { s: false })).toBeUndefined();
    expect(await outcome('subscription { news ticks { id } }')).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('a rule that fails', () => {
  const schema = buildSchema('type Query { a: Int }');
  const check = (rule: Parameters<typeof caught>[0]) => validate(schema, parse('{ a }'), [caught(rule)]);

  it('refuses the document, and is named', () => {
    const fails = () => {
      throw new TypeError('secret detail');
    };
    const errors = check(function brokenRule() {
      return { enter: fails, leave: fails };
    });
    expect(errors.length).toBeGreaterThanOrEqual(2);
    for (const { message } of errors) expect(message).toMatch(/^brokenRule cannot be held against this document/);
    expect(JSON.stringify(errors)).not.toContain('secret detail');
  });

  it('is let through where the stack is exhausted: that has a code of its own', () => {
    const deep = () => ({
      enter: () => {
        throw new RangeError('Maximum call stack size exceeded');
      },
    });
    expect(() => check(deep)).toThrow(RangeError);
  });
});

/** Documents of the grammar over names that the schema knows and does not know, most of them with a mistake of some kind. */
const documents = fc.letrec<Record<'selections' | 'selection' | 'value' | 'directives', string>>((tie) => {
  const name = fc.constantFrom('t', 'n', 'u', 'id', 'm', 'ticks', 'news', 'x', '__typename', '__schema', '__type');
  const type = fc.constantFrom('T', 'O', 'U', 'N', 'I', 'E', 'Query', 'Subscription', 'Int', 'Nope', '__Type');
  const argument = fc.tuple(fc.constantFrom('id', 'i', 's', 'if', 'n', 'label', 'x', 'e'), tie('value'));
  const args = fc
    .array(argument, { maxLength: 2 })
    .map((all) => (all.length ? `(${all.map(([key, value]) => `${key}: ${value}`).join(' ')})` : ''));
  return {
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom(
        '$v',
        '$w',
        '1',
        '-0',
        '1e400',
        '"a"',
        '"""b"""',
        'null',
        'true',
        'A',
        'Z',
        '[]',
        '{}',
        '9999999999999',
      ),
      fc.array(tie('value'), { maxLength: 2 }).map((all) => `[${all.join(' ')}]`),
      fc.array(argument, { maxLength: 2 }).map((all) => `{${all.map(([key, value]) => `${key}: ${value}`).join(' ')}}`),
    ),
    directives: fc
      .array(fc.tuple(fc.constantFrom('skip', 'include', 'defer', 'nope', 'deprecated', 'specifiedBy'), args), {
        maxLength: 2,
      })
      .map((all) => all.map(([directive, given]) => `@${directive}${given}`).join(' ')),
    selection: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.tuple(name, args, tie('directives')).map((parts) => parts.join(' ')),
      fc.tuple(name, args, tie('directives'), tie('selections')).map((parts) => parts.join(' ')),
      fc.tuple(fc.constantFrom('F', 'G', 'H'), tie('directives')).map(([fragment, on]) => `...${fragment} ${on}`),
      fc
        .tuple(fc.option(type), tie('directives'), tie('selections'))
        .map(([on, directives, inner]) => `... ${on ? `on ${on}` : ''} ${directives} ${inner}`),
      fc.tuple(name, name, args).map(([alias, field, given]) => `${alias}: ${field}${given}`),
    ),
    selections: fc.array(tie('selection'), { minLength: 1, maxLength: 3 }).map((all) => `{ ${all.join(' ')} }`),
  };
});

const document = fc
  .tuple(
    fc.constantFrom('query', 'mutation', 'subscription', 'subscription', 'query Q', '{', ''),
    fc.constantFrom(
      '',
      '($v: Int)',
      '($v: Boolean! = true, $w: I)',
      '($v: T)',
      '($v: [[I!]!]! = [[{n: 1}]])',
      '($v: Nope)',
      '($v: Int, $v: Int)',
    ),
    documents.directives,
    documents.selections,
    fc.array(
      fc.tuple(
        fc.constantFrom('F', 'G', 'H'),
        fc.constantFrom('T', 'Query', 'Subscription', 'U', 'E', 'Nope'),
        documents.directives,
        documents.selections,
      ),
      { maxLength: 3 },
    ),
  )
  .map(([operation, variables, directives, selections, fragments]) =>
    [
      `${operation} ${operation ? variables : ''} ${operation ? directives : ''} ${selections}`,
      ...fragments.map(([name, on, at, inner]) => `fragment ${name} on ${on} ${at} ${inner}`),
    ].join('\n'),
  );

it('whatever a document holds, it is answered or refused, and no failure of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      document,
      fc.constantFrom({}, { v: 1 }, { v: true, w: {} }, { v: [[{}]] }),
      async (query, variables) => {
        await outcome(query, variables);
      },
    ),
    { numRuns: 1_500 },
  );
});

import { ANY, ANY_AND_GET, type Attack, type Family } from '../attack.js';

const repeated = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

const nested = (levels: number): string =>
  `{ product(id: "1") ${'{ related(first: 1) '.repeat(levels)}{ id }${' }'.repeat(levels)} }`;

/** Each fragment spreads the next one twice: 2^levels fields. */
const bomb = (levels: number): string =>
  `{ ...F0 } ${repeated(levels, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on Query { hello }`;

const refused = (name: string, query: string, code: string, over = ANY): Attack => ({
  name,
  ask: { query },
  over,
  gets: { status: 400, codes: [code] },
});

const answered = (name: string, query: string, over = ANY): Attack => ({
  name,
  ask: { query },
  over,
  gets: { status: 200, codes: [] },
});

/** What stands in one document. */
export const documents: Family = {
  name: 'overloaded documents',
  attacks: [
    refused('fields nested 31 deep', nested(29), 'MAX_DEPTH_LIMIT', ANY_AND_GET),
    refused(
      'fields nested deep by fragments',
      `{ product(id: "1") { ...F0 } } ${repeated(30, (n) => `fragment F${n} on Product { related { ...F${n + 1} } }`)} fragment F30 on Product { id }`,
      'MAX_DEPTH_LIMIT',
      ANY_AND_GET,
    ),
    refused(
      '101 aliases',
      `{ product(id: "1") { ${repeated(101, (n) => `a${n}: name`)} } }`,
      'MAX_ALIASES_LIMIT',
      ANY_AND_GET,
    ),
    refused('51 root fields', `{ ${repeated(51, (n) => `a${n}: hello`)} }`, 'MAX_ROOT_FIELDS_LIMIT', ANY_AND_GET),
    refused('201 directives', `{ hello ${repeated(201, () => '@include(if: true)')} }`, 'MAX_DIRECTIVES_LIMIT'),
    refused('501 fragments', `{ ${'... { '.repeat(501)}hello${' }'.repeat(501)} }`, 'MAX_FRAGMENTS_LIMIT'),
    refused(
      'a field repeated 102 times',
      `{ product(id: "1") { ${repeated(102, () => 'id')} } }`,
      'MAX_DUPLICATE_FIELDS_LIMIT',
    ),
    refused('a bomb of fragments', bomb(40), 'MAX_HEIGHT_LIMIT'),
    refused('10,001 tokens', `{ ${repeated(10_001, () => 'hello')} }`, 'MAX_TOKENS_LIMIT'),
    refused(
      'a fragment that spreads itself',
      '{ ...A } fragment A on Query { hello ...A }',
      'GRAPHQL_VALIDATION_FAILED',
      ANY_AND_GET,
    ),
    refused(
      'fragments that spread each other',
      '{ ...A } fragment A on Query { hello ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
      ANY_AND_GET,
    ),
    refused(
      'too much in an operation that is not the one asked for',
      `query A { hello } query B { ${repeated(51, (n) => `a${n}: hello`)} }`,
      'MAX_ROOT_FIELDS_LIMIT',
    ),
    refused(
      'lists in lists in lists',
      '{ products(first: 1000) { related(first: 1000) { related(first: 1000) { id } } } }',
      'COST_ESTIMATED_TOO_EXPENSIVE',
      ANY_AND_GET,
    ),
    refused(
      'thousands of mutations',
      `mutation { ${repeated(60, (n) => `a${n}: order(text: "x")`)} }`,
      'MAX_ROOT_FIELDS_LIMIT',
    ),
  ],
  neighbours: [
    answered('fields nested a few levels deep', nested(4), ANY_AND_GET),
    answered('a hundred aliases', `{ product(id: "1") { ${repeated(100, (n) => `a${n}: name`)} } }`),
    answered('fifty root fields', `{ ${repeated(50, (n) => `a${n}: hello`)} }`),
    answered(
      'a field in two fragments',
      '{ ...A ...B } fragment A on Query { hello } fragment B on Query { hello }',
      ANY_AND_GET,
    ),
    answered('a directive', '{ hello @include(if: true) }', ANY_AND_GET),
    answered('a list of ten', '{ products(first: 10) { related(first: 10) { id } } }', ANY_AND_GET),
    answered('a mutation', 'mutation { order(text: "x") }'),
  ],
};

const JSON_BODY = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
const batch = (name: string, body: string, gets: Attack['gets'], on?: Attack['on']): Attack => ({
  name,
  on,
  http: { headers: JSON_BODY, body },
  gets,
});
const batchOf = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, () => ({ query: '{ hello }' })));

/** Several operations in one request. */
export const batches: Family = {
  name: 'overloaded batches',
  attacks: [
    batch('eleven operations', batchOf(11), { status: 400, codes: ['BATCH_LIMIT_EXCEEDED'] }),
    batch('a hundred thousand operations', `[${'0,'.repeat(100_000)}0]`, {
      status: 400,
      codes: ['BATCH_LIMIT_EXCEEDED'],
    }),
    batch('none at all', '[]', { status: 400, codes: ['BAD_REQUEST'] }),
    batch('a batch in a batch', '[[{"query":"{ hello }"}]]', { status: 400, shows: /BAD_REQUEST/, lacks: /Hello/ }),
    batch('a subscription', '[{"query":"subscription { ordered }"}]', { shows: /UNSUPPORTED_OPERATION/ }),
    batch(
      'two operations, where batches are off as by default',
      batchOf(2),
      { status: 400, codes: ['BAD_REQUEST'] },
      'behind a proxy',
    ),
  ],
  neighbours: [batch('ten operations', batchOf(10), { status: 200, shows: /Hello/, lacks: /errors/ })],
};

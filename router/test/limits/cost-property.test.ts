import fc from 'fast-check';
import { CostWorld } from './cost-world.js';

const size = fc.integer({ min: -2, max: 4 });

/** A size as a literal, as a variable that is given, or as one that is not. */
const sizeText = fc.oneof(size.map(String), fc.constantFrom('$given', '$missing'));

const { author, book } = fc.letrec<{ author: string; book: string }>((tie) => ({
  author: selection(
    fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('id', 'name', 'rating'),
      fc.tuple(sizeText, tie('author')).map(([first, nested]) => `friends(first: ${first}) { ${nested} }`),
    ),
  ),
  book: selection(
    fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('id', 'title', 'pages', 'cover { url }', '__typename'),
      tie('author').map((nested) => `author { ${nested} }`),
      tie('author').map((nested) => `... @include(if: $on) { author { ${nested} } }`),
    ),
  ),
}));

function selection(field: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(field, { minLength: 1, maxLength: 3 }).map((fields) => aliased(fields));
}

/** Arguments may differ, so that every field has a name of its own. */
function aliased(fields: readonly string[]): string {
  return fields.map((field, index) => (/^[a-z]/.test(field) ? `a${index}: ${field}` : field)).join(' ');
}

const root = selection(
  fc.oneof(
    book.map((nested) => `book { ${nested} }`),
    fc.tuple(sizeText, book).map(([first, nested]) => `books(first: ${first}) { ${nested} }`),
    fc.tuple(size, book).map(([first, nested]) => `shelf(first: ${first}) { ${nested} }`),
    fc.tuple(size, book).map(([most, nested]) => `page(size: ${most}) { nodes { ${nested} } total }`),
    book.map((nested) => `unknown @skip(if: $on) { ${nested} }`),
    fc
      .tuple(book, author)
      .map(([one, other]) => `anything { ... on Book { b: author { id } ${one} } ... on Author { ${other} } }`),
    fc.constant('report'),
  ),
);

describe('the estimate', () => {
  it('is never below the actual cost when lists are as long as they are declared, or shorter', async () => {
    const world = new CostWorld();
    await fc.assert(
      fc.asyncProperty(
        fc.array(root, { minLength: 1, maxLength: 3 }),
        fc.record({ given: size, on: fc.boolean() }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (roots, variables, share) => {
          const body = distinct(roots.join(' '));
          const query = `query ($given: Int, $missing: Int, $on: Boolean!) { ${body} k: books(first: $given) { id } l: books(last: $missing) { id } m: report @skip(if: $on) }`;
          world.length = (most) => Math.round(most * share);
          expect(world.estimate(query, variables).total).toBeGreaterThanOrEqual(await world.actual(query, variables));
        },
      ),
      { numRuns: Number(process.env.TEST_RANDOM_RUNS ?? 150) },
    );
  });
});

function distinct(text: string): string {
  let fields = 0;
  return text.replace(/\ba\d+:/g, () => `f${fields++}:`);
}

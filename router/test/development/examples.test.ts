import { readFile } from 'node:fs/promises';
import { buildSchema, parse, validate } from 'graphql';

interface Example {
  readonly title: string;
  readonly operation?: string;
  readonly query?: string;
}

const file = (name: string): URL => new URL(`../../${name}`, import.meta.url);

describe('the explorer’s examples', () => {
  it('are valid operations of the composed schema, named as they say', async () => {
    const schema = buildSchema(await readFile(file('supergraph.graphql'), 'utf8'));
    const { examples }: { examples: Example[] } = await import(file('public/examples.js').href);
    const operations = examples.filter(({ query }) => query);

    expect(operations.length).toBeGreaterThan(10);
    for (const { title, operation, query } of operations) {
      const document = parse(query ?? '');
      expect([title, ...validate(schema, document)]).toEqual([title]);
      expect(document.definitions).toEqual([
        expect.objectContaining({ name: expect.objectContaining({ value: operation }) }),
      ]);
    }
  });
});

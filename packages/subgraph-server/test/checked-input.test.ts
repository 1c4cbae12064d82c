import { checkedInput, text } from '@platform/subgraph-server/graphql';
import { z } from 'zod';

const schema = z.object({ title: text(3), tags: z.array(text(2)) });

describe('checkedInput', () => {
  it('answers what the schema makes of the input', () => {
    expect(checkedInput(schema, { title: '🖋🖋🖋', tags: ['ab'], more: 1 })).toEqual({ title: '🖋🖋🖋', tags: ['ab'] });
  });

  it('names every mistake by its path', () => {
    expect(() => checkedInput(schema, { title: ' ', tags: ['a', 'abc', 'a\0'] })).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        fields: {
          'input.title': 'Between 1 and 3 characters.',
          'input.tags.1': 'Between 1 and 2 characters.',
          'input.tags.2': 'Contains characters that cannot be stored.',
        },
      }),
    );
  });
});

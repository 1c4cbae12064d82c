import { describe, expect, it } from '@jest/globals';
import { shop } from './shop.js';

describe('@defer', () => {
  it('answers first what is not deferred', async () => {
    const pieces = await shop().runInParts('{ me { name ... @defer(label: "more") { reviews { body } } } }');
    expect(pieces).toEqual([
      { data: { me: { name: 'Ada' } }, hasNext: true },
      {
        incremental: [
          { data: { reviews: [{ body: 'Love it' }, { body: 'Too expensive' }] }, path: ['me'], label: 'more' },
        ],
        hasNext: false,
      },
    ]);
  });
});

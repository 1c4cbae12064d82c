import { globSync, readFileSync } from 'node:fs';

describe('rows that code looks for', () => {
  it('may be missing: the code says what that means to the client', () => {
    const sources = globSync('subgraphs/*/src/**/*.ts');
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((file) => /OrFail\(/.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});

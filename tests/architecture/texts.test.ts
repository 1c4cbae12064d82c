import { globSync, readFileSync } from 'node:fs';

const SOURCES = 'packages/*/src/**/*.ts,subgraphs/*/src/**/*.ts,router/src/**/*.ts,tools/*/src/**/*.ts'.split(',');
const OWN = 'packages/foundation/src/text/normal-form.ts';

describe('texts', () => {
  it('are brought into a normal form in one place, which measures them before', () => {
    const others = globSync(SOURCES).filter((file) => file !== OWN && /\.normalize\(/.test(readFileSync(file, 'utf8')));
    expect(others).toEqual([]);
    expect(readFileSync(OWN, 'utf8')).toMatch(/\.normalize\(/);
  });

  it('are matched without modifiers within expressions, which V8 forgets at times', () => {
    const modified = globSync(SOURCES).filter((file) =>
      /\(\?(?:[ims]+(?:-[ims]*)?|-[ims]+):/.test(readFileSync(file, 'utf8')),
    );
    expect(modified).toEqual([]);
  });
});

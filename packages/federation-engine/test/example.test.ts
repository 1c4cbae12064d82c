import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

describe('the example', () => {
  it('asks both subgraphs and answers with what they say', async () => {
    const file = join(import.meta.dirname, '../examples/two-subgraphs.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout).toMatch(/^products is asked: /);
    expect(stdout).toContain('reviews is asked: ');
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string)).toEqual({
      data: { product: { name: 'Table', reviews: ['Stands.', 'Wobbles.'] } },
    });
  });
});

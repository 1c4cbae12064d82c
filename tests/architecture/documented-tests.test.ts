import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';

const root = projectRoot();
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root });

/** Who reads that something is tested has to find the test. */
describe('the documentation', () => {
  const links = documents.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)#\s:]+)(?:#[^)]*)?\)/g)].map(([, target]) => ({
      file,
      target: String(target),
    })),
  );

  it('links to files that exist', () => {
    expect(links.filter(({ target }) => target.endsWith('.test.ts')).length).toBeGreaterThan(40);
    expect(links.filter(({ file, target }) => !existsSync(join(root, dirname(file), target)))).toEqual([]);
  });

  it('names tests that exist', () => {
    const named = documents.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/`([\w./-]+\/[\w-]+\.test\.ts)`/g)].map(([, path]) =>
        String(path),
      ),
    );
    const written = named.filter((path) => !path.startsWith('subgraphs/shop/')); // by who follows the tutorial
    expect(written.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('wraps prose at 120 characters, links and commands aside', () => {
    const prose = documents
      .filter((file) => !file.startsWith('docs/reference/'))
      .flatMap((file) => {
        const text = readFileSync(join(root, file), 'utf8').replace(/^ *(```+|~~~+).*?^ *\1/gms, '');
        return text.split('\n').map((line) => ({ file, line }));
      });
    const visible = (line: string) => line.replace(/\]\([^)]*\)/g, ']').replace(/`[^`]*`/g, '');
    expect(prose.filter(({ line }) => !/^ *\|/.test(line) && line.length > 120 && visible(line).length > 110)).toEqual(
      [],
    );
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { permissions } from '@platform/contracts';
import { projectRoot } from '@platform/foundation/config';
import { stringify } from 'yaml';

interface File {
  readonly path: string;
  readonly content: string;
}

const { workspaceFiles, permissionsFile } = (await import(
  pathToFileURL(join(projectRoot(), 'scripts', 'module-files.mjs')).href
)) as Record<'workspaceFiles', (root: string) => File[]> & Record<'permissionsFile', (root: string) => File>;

/** The table as a program would see it. */
const evaluated = ({ content }: File) => {
  const [, literal] = /export const permissions = (\{[\s\S]*?\n\}) as const/.exec(content) ?? [];
  return JSON.parse(JSON.stringify(new Function(`return ${literal}`)()));
};

describe('the files that say which subgraphs there are', () => {
  let root: string;
  const write = (path: string, content: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const subgraph = (name: string, port: number, permissions: object[] = []) =>
    write(`subgraphs/${name}/module.yaml`, stringify({ name, port, permissions }));
  const files = () => Object.fromEntries(workspaceFiles(root).map(({ path, content }) => [path, content]));

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'module-files-'));
    for (const folder of ['packages/runtime', 'packages/contracts']) {
      write(
        `${folder}/package.json`,
        JSON.stringify({
          dependencies: { '@platform/auth': 'workspace:*', '@platform/gone': 'workspace:*', zod: '1' },
        }),
      );
      write(
        `${folder}/tsconfig.json`,
        JSON.stringify({ references: [{ path: '../auth' }, { path: '../../subgraphs/gone' }] }),
      );
    }
    write('packages/auth/package.json', '{}');
    write('tsconfig.json', JSON.stringify({ references: [{ path: 'packages/auth' }, { path: 'subgraphs/gone' }] }));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('follow the folders: who is there is known, who is gone is forgotten, whatever else stands in them stays', () => {
    subgraph('stock', 4002);
    subgraph('shop', 4001);
    write('subgraphs/shop/contracts/package.json', '{}');
    write('subgraphs/notes.txt', 'no module');

    const made = files();
    expect(made['packages/runtime/src/names.generated.ts']).toContain("subgraphNames = ['shop', 'stock'] as const");
    expect(made['packages/runtime/src/definitions.generated.ts']).toContain('...shop.sections,\n  ...stock.sections,');
    expect(made['packages/contracts/src/events.generated.ts']).toContain('contracts = [shop];');
    expect(JSON.parse(made['packages/runtime/package.json'] as string).dependencies).toEqual({
      '@platform/auth': 'workspace:*',
      '@platform/shop': 'workspace:*',
      '@platform/stock': 'workspace:*',
      zod: '1',
    });
    expect(JSON.parse(made['packages/contracts/package.json'] as string).dependencies).toEqual({
      '@platform/auth': 'workspace:*',
      '@platform/shop-contracts': 'workspace:*',
      zod: '1',
    });
    expect(JSON.parse(made['packages/runtime/tsconfig.json'] as string).references).toEqual(
      ['../auth', '../../subgraphs/shop', '../../subgraphs/stock'].map((path) => ({ path })),
    );
    expect(JSON.parse(made['tsconfig.json'] as string).references).toEqual(
      ['packages/auth', 'subgraphs/shop', 'subgraphs/stock'].map((path) => ({ path })),
    );
  });

  it('have every permission code, sorted, as data and as a type', () => {
    subgraph('shop', 4001, [
      { code: 'shop.order.place', description: 'Order things.', grantedTo: ['user'] },
      { code: 'shop.item.read', description: 'Look.', grantedTo: ['user', 'guest'] },
    ]);
    subgraph('care', 4002, [{ code: 'care.ticket.close', description: 'Close tickets.', platform: true }]);

    const table = permissionsFile(root);
    expect(Object.entries(evaluated(table))).toEqual([
      ['care.ticket.close', { module: 'care', description: 'Close tickets.', grantedTo: [], platform: true }],
      ['shop.item.read', { module: 'shop', description: 'Look.', grantedTo: ['user', 'guest'], platform: false }],
      ['shop.order.place', { module: 'shop', description: 'Order things.', grantedTo: ['user'], platform: false }],
    ]);
    const declared = [...table.content.matchAll(/^ {4}'(.+)': true;$/gm)].map(([, code]) => code);
    expect(declared).toEqual(['care.ticket.close', 'shop.item.read', 'shop.order.place']);
  });

  it.each(["It's fine.", 'Say "yes".', `Both ' and ".`, 'A \\ backslash', 'Two\nlines', 'Ende ’\u2028'])(
    'keep any description of a permission as it is: %j',
    (description) => {
      subgraph('shop', 4001, [{ code: 'shop.item.read', description }]);
      expect(evaluated(permissionsFile(root))['shop.item.read'].description).toBe(description);
    },
  );

  it('name a module.yaml that is no YAML', () => {
    write('subgraphs/shop/module.yaml', 'permissions: [');
    expect(() => permissionsFile(root)).toThrow(/^subgraphs\/shop\/module\.yaml: /);
  });

  it('are committed as this repository has its subgraphs', () => {
    expect(evaluated(permissionsFile(projectRoot()))).toEqual(permissions);
  });
});

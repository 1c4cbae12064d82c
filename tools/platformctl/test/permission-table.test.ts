import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissions } from '@platform/contracts';
import { projectRoot } from '@platform/foundation/config';
import { permissionTable } from '@platform/platformctl/generate/permission-table';
import { type ModuleManifest, readManifest } from '@platform/subgraph-server/modules';

const shop = (...declared: { code: string; description: string }[]): ModuleManifest => ({
  name: 'shop',
  version: '1.0.0',
  dependencies: {},
  permissions: declared,
  events: { published: [], consumed: [] },
});

/** The table as a program would see it. */
const evaluated = (source: string) => {
  const [, literal] = /export const permissions = (\{[\s\S]*?\n\}) as const/.exec(source) ?? [];
  return JSON.parse(JSON.stringify(new Function(`return ${literal}`)()));
};

describe('the permission table', () => {
  it('has every code of every module, sorted, as data and as a type', () => {
    const source = permissionTable([
      shop(
        { code: 'shop.order.place', description: 'Order things.' },
        { code: 'shop.item.read', description: 'Look.' },
      ),
      { ...shop({ code: 'care.ticket.close', description: 'Close tickets.' }), name: 'care' },
    ]);

    expect(Object.entries(evaluated(source))).toEqual([
      ['care.ticket.close', { module: 'care', description: 'Close tickets.' }],
      ['shop.item.read', { module: 'shop', description: 'Look.' }],
      ['shop.order.place', { module: 'shop', description: 'Order things.' }],
    ]);
    const declared = [...source.matchAll(/^ {4}'(.+)': true;$/gm)].map(([, code]) => code);
    expect(declared).toEqual(['care.ticket.close', 'shop.item.read', 'shop.order.place']);
  });

  it.each(["It's fine.", 'Say "yes".', `Both ' and ".`, 'A \\ backslash', 'Two\nlines', 'Ende ’\u2028'])(
    'keeps any description as it is: %j',
    (description) => {
      const code = 'shop.item.read';
      expect(evaluated(permissionTable([shop({ code, description })]))[code].description).toBe(description);
    },
  );

  it('is committed as the modules of this repository declare it', () => {
    const modules = ['audit', 'authz', 'blog', 'identity'].map((name) =>
      readManifest(join(projectRoot(), 'subgraphs', name, 'module.yaml')),
    );
    const committed = readFileSync(join(projectRoot(), 'packages/contracts/src/permissions.generated.ts'), 'utf8');
    expect(permissionTable(modules)).toBe(committed);
    expect(evaluated(committed)).toEqual(permissions);
  });
});

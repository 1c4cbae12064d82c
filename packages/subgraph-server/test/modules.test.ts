import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidModules, type ModuleManifest, ModuleRegistry, readManifest } from '@platform/subgraph-server/modules';

let port = 5000;
const module = (name: string, rest: Partial<ModuleManifest> = {}): ModuleManifest => ({
  name,
  version: '1.2.0',
  port: port++,
  dependencies: {},
  permissions: [],
  events: { published: [], consumed: [] },
  auditedActions: {},
  ...rest,
});

const mistakesOf = (work: () => unknown): readonly string[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidModules) return error.mistakes;
    throw error;
  }
  return [];
};

const mistakesAmong = (...manifests: ModuleManifest[]) => mistakesOf(() => new ModuleRegistry(manifests, '0.1.0'));

describe('modules', () => {
  it('come after the ones that they depend on', () => {
    const registry = new ModuleRegistry(
      [
        module('shop', { dependencies: { platform: '^0.1.0', payment: '1.x', stock: '>=1.0.0' } }),
        module('payment', { dependencies: { stock: '^1.2.0' } }),
        module('stock'),
      ],
      '0.1.0',
    );
    expect(registry.ordered.map(({ name }) => name)).toEqual(['stock', 'payment', 'shop']);
    expect(registry.get('payment')?.version).toBe('1.2.0');
    expect(registry.get('nobody')).toBeUndefined();
  });

  it('have names of their own', () => {
    expect(mistakesAmong(module('shop'), module('stock'), module('shop'))).toEqual(['two modules are named "shop"']);
    expect(mistakesAmong(module('platform'))).toEqual([
      'a module cannot be named "platform", which is the platform itself',
    ]);
  });

  it('have ports of their own', () => {
    expect(mistakesAmong(module('shop', { port: 4005 }), module('stock', { port: 4005 }))).toEqual([
      '"shop" and "stock" have the same port 4005',
    ]);
  });

  it('need every module that they depend on, in a version that fits', () => {
    expect(
      mistakesAmong(
        module('shop', { dependencies: { platform: '^0.2.0', stock: '^2.0.0', payment: '*', care: 'latest' } }),
        module('stock'),
        module('care'),
      ),
    ).toEqual([
      '"shop" needs "platform" ^0.2.0, but 0.1.0 is there',
      '"shop" needs "stock" ^2.0.0, but 1.2.0 is there',
      '"shop" depends on "payment", which is not there',
      '"shop" depends on "care" in the malformed range "latest"',
    ]);
  });

  it.each([
    ['shop → shop', [module('shop', { dependencies: { shop: '*' } })]],
    [
      'stock → payment → stock',
      [
        module('shop', { dependencies: { stock: '*' } }),
        module('stock', { dependencies: { payment: '*' } }),
        module('payment', { dependencies: { stock: '*' } }),
      ],
    ],
  ])('do not depend on each other in a circle: %s', (circle, manifests) => {
    expect(mistakesAmong(...manifests)).toEqual([`modules depend on each other in a circle: ${circle}`]);
  });

  it('declare permissions in their own name, each once', () => {
    const permission = (code: string) => ({ code, description: 'Does something.', grantedTo: [], platform: false });
    expect(
      mistakesAmong(
        module('shop', { permissions: [permission('shop.item.read'), permission('shop.item.read')] }),
        module('stock', { permissions: [permission('shop.item.write')] }),
      ),
    ).toEqual([
      'the permission "shop.item.read" is declared twice',
      '"stock" declares the permission "shop.item.write" of another module',
    ]);
  });

  it('tell of all mistakes in one error', () => {
    const work = () => new ModuleRegistry([module('shop'), module('shop', { dependencies: { stock: '*' } })], '0.1.0');
    expect(work).toThrow(/two modules are named "shop"[\s\S]*depends on "stock", which is not there/);
  });
});

describe('module.yaml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modules-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (yaml: string) => {
    const path = join(folder, 'module.yaml');
    writeFileSync(path, yaml);
    return readManifest(path);
  };
  const mistakesIn = (yaml: string) =>
    mistakesOf(() => read(yaml)).map((mistake) => mistake.replace(join(folder, 'module.yaml'), ''));

  it('needs a name, a version and a port; everything else has a default', () => {
    expect(read('name: search2\nversion: 1.0.0-rc.1\nport: 4005')).toEqual({
      name: 'search2',
      version: '1.0.0-rc.1',
      port: 4005,
      dependencies: {},
      permissions: [],
      events: { published: [], consumed: [] },
      auditedActions: {},
    });
  });

  it('has a name that can name a schema and a variable', () => {
    for (const name of ['site-search', 'site_search', '2nd', 'Shop'])
      expect(mistakesIn(`name: ${name}\nversion: 1.0.0\nport: 4005`)).toEqual([
        expect.stringContaining('name is one lower-case word'),
      ]);
  });

  it('grants what reaches beyond one organization to no role that every organization has', () => {
    const permissions = (more: string) => `permissions: [{ code: shop.item.read, description: Look., ${more} }]`;
    expect(
      mistakesIn(`name: shop\nversion: 1.0.0\nport: 4005\n${permissions('platform: true, grantedTo: [user]')}`),
    ).toEqual([expect.stringContaining('cannot name a role where platform is true')]);
    expect(mistakesIn(`name: shop\nversion: 1.0.0\nport: 4005\n${permissions('platform: true')}`)).toEqual([]);
  });

  it('lists everything that is wrong in it', () => {
    const mistakes = mistakesIn(
      'name: Shop\nversion: one\npermissions: [{ code: shop.read, description: "" }]\ncolour: red',
    );
    expect(mistakes).toEqual([
      expect.stringContaining('name is one lower-case word'),
      expect.stringContaining('version is a semantic version'),
      expect.stringContaining('port'),
      expect.stringContaining('permissions.0.code has the form module.resource.action'),
      expect.stringContaining('permissions.0.description'),
      expect.stringContaining('colour'),
    ]);
  });

  it.each([
    ['is empty', ''],
    ['is no mapping', '- name'],
    ['is no YAML', 'name: [shop'],
    ['says a thing twice', 'name: shop\nname: stock'],
  ])('is refused when it %s', (_, yaml) => {
    expect(mistakesIn(yaml)).not.toEqual([]);
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { readModules } from '@platform/runtime/modules';

const TEMPLATES = 'tools/platformctl/templates';
/** Rooms that one subgraph has because of what it alone does. */
const ROOMS_OF_ONE: Readonly<Record<string, readonly string[]>> = {
  audit: ['export', 'verification'],
};
const ROOMS = ['config.ts', 'context.ts', 'entities', 'events', 'loaders', 'main.ts', 'permissions.ts', 'resolvers'];
/** Who publishes under the name of the platform: its own users, sessions and roles. */
const PLATFORM = ['identity', 'authz'];

const root = projectRoot();
const modules = readModules().ordered;
const subgraphs = modules.map(({ name }) => ({ name, folder: `subgraphs/${name}` }));
const everySubgraph = [...subgraphs, { name: 'shop', folder: `${TEMPLATES}/subgraph` }];

const sourcesOf = (folder: string) =>
  globSync('src/**/*.ts', { cwd: join(root, folder) })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, folder, path), 'utf8') }));

/** How subgraphs are alike, so that who knows one knows all. docs/extending.md says what goes where. */
describe.each(everySubgraph)('the subgraph $name of $folder', ({ name, folder }) => {
  const sources = sourcesOf(folder);
  const found = (pattern: RegExp) =>
    sources.flatMap(({ path, text }) => [...text.matchAll(pattern)].map(([match]) => `${path}: ${match}`));

  it('has the rooms that all have', () => {
    const rooms = new Set(sources.map(({ path }) => path.split('/')[1] as string));
    const known = [...ROOMS, 'services', ...(ROOMS_OF_ONE[name] ?? [])];
    expect([...rooms].filter((room) => !known.includes(room))).toEqual([]);
    expect(existsSync(join(root, folder, 'test/schema.test.ts'))).toBe(true);
  });

  it('defines the errors that callers get in entities/errors.ts', () => {
    const elsewhere = found(/class \w+ extends (CodedError|Conflict|BadUserInput|NotFound)\b/g);
    expect(elsewhere.filter((place) => !place.startsWith('src/entities/errors.ts'))).toEqual([]);
  });

  it('checks inputs by checkedInput alone', () => {
    expect(found(/(?<!JSON|Date)\.(safeParse|safeParseAsync|parse|parseAsync)\(/g)).toEqual([]);
  });

  it('exports its resolvers and references from one file', () => {
    const index = sources.find(({ path }) => path === 'src/resolvers/index.ts')?.text ?? '';
    const resolvers = sources.filter(({ path }) => path.endsWith('.resolver.ts'));
    const unlisted = resolvers.filter(
      ({ path }) => !index.includes(`'./${path.split('/').at(-1)?.replace('.ts', '.js')}'`),
    );
    expect(unlisted.map(({ path }) => path)).toEqual([]);
    expect(index).toContain("export { references } from './references.js';");
    expect(sources.find(({ path }) => path === 'src/resolvers/references.ts')?.text).toContain(
      'export const references',
    );
  });

  it('is called by the name of its folder', () => {
    const main = sources.find(({ path }) => path === 'src/main.ts')?.text;
    expect(main).toMatch(new RegExp(`^export const ${name} = defineSubgraph`, 'm'));
  });
});

/** Why a subgraph keeps what it has of an organization that is erased. */
const KEEPS_ERASED: Readonly<Record<string, string>> = {
  identity: 'tells of it: memberships and invitations go with the row',
  audit: 'hears of it, and keeps what was done as long as its retention says',
};

describe.each(modules)('the module $name', ({ name, permissions, events }) => {
  it('forgets an organization that is erased, or says why not', () => {
    const hears = events.consumed !== 'all' && events.consumed.includes('platform.organization.erased');
    expect(hears).toBe(KEEPS_ERASED[name] === undefined);
  });

  it('begins permissions and events with its name', () => {
    const permitted = permissions.filter(({ code }) => !code.startsWith(`${name}.`));
    const prefix = PLATFORM.includes(name) ? 'platform' : name;
    expect([...permitted, ...events.published.filter((type) => !type.startsWith(`${prefix}.`))]).toEqual([]);
  });

  it('says of each permission, in a sentence, what it lets one do', () => {
    expect(permissions.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
  });
});

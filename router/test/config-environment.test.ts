import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeConfig, InvalidConfig, loadConfig, processSections, projectRoot } from '@platform/foundation/config';
import { routerSections, standaloneSections } from '@platform/router';

const routers = {
  'the platform': { sections: { ...processSections, ...routerSections }, folder: 'config' },
  'a router that stands alone': { sections: standaloneSections, folder: 'config/router' },
};

const variable = (key: string) =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase();
const textOf = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const mistakes = (work: () => unknown): string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.mistakes;
    throw error;
  }
};

describe.each(Object.entries(routers))('the configuration of %s', (_, { sections, folder }) => {
  const directory = join(projectRoot(), folder);
  const load = (options: object) =>
    loadConfig(sections, { directory, environment: 'development', env: {}, ...options });
  const own = (text: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'own-')), 'own.yaml');
    writeFileSync(file, text);
    return file;
  };

  it('takes every option from the environment, as what it is in the file', () => {
    const all = describeConfig(sections, { directory, environment: 'development', env: {} })
      .filter(({ source, value }) => source.endsWith('default.yaml') && value !== null)
      .map(({ key, value }): [string, unknown] => [key, value]);
    expect(all.length).toBeGreaterThan(80);
    const env = Object.fromEntries(all.map(([key, value]) => [variable(key), textOf(value)]));
    const wrong = mistakes(() => {
      expect(load({ env })).toEqual(load({ set: all.map(([key, value]) => `${key}=${textOf(value)}`) }));
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['true', true],
    ['false', false],
    ['coded', 'coded'],
  ])('takes router.subgraphErrors.messages=%s from the environment, a file and the command line', (text, value) => {
    const file = own(`router: { subgraphErrors: { messages: "\${MESSAGES}" } }`);
    for (const options of [
      { env: { ROUTER_SUBGRAPH_ERRORS_MESSAGES: text } },
      { set: [`router.subgraphErrors.messages=${text}`] },
      { file, env: { MESSAGES: text } },
    ]) {
      expect((load(options) as { router: { subgraphErrors: object } }).router.subgraphErrors).toMatchObject({
        messages: value,
      });
    }
  });

  it('puts environment variables into a file of one’s own, with the type that the option has', () => {
    const file = own(`
server: { port: "\${PORT}", host: "\${env.HOST:-127.0.0.1}" }
discovery: { consul: { url: "http://\${CONSUL}:8500" }, outlierDetection: { consecutiveFailures: "\${FAILURES}" } }
router:
  headers: { all: { set: { x-a: "\${A}", x-b: "$$\{A}" } } }
  traffic: { subgraphs: { a: { concurrency: { limit: "\${LIMIT}" } } } }
  override: { labels: { half: "\${HALF}" } }
`);
    const env = { PORT: '4100', CONSUL: 'consul', FAILURES: '3', A: '1', LIMIT: '7', HALF: '50' };
    expect(load({ file, env })).toMatchObject({
      server: { port: 4100, host: '127.0.0.1' },
      discovery: { consul: { url: 'http://consul:8500' }, outlierDetection: { consecutiveFailures: 3 } },
      router: {
        headers: { all: { set: { 'x-a': '1', 'x-b': `\${A}` } } },
        traffic: { subgraphs: { a: { concurrency: { limit: 7 } } } },
        override: { labels: { half: 50 } },
      },
    });
  });

  it('lists what is not set beside every other mistake, each with its place', () => {
    const file = own(
      `server: { host: "\${HOST}", port: "\${}" }\nrouter: { cors: { origins: ["https://*"] }, nope: 1 }`,
    );
    const found = mistakes(() => load({ file }));
    for (const key of ['server.host', 'server.port', 'router.cors.origins.0', 'router.nope']) {
      expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${key.replaceAll('.', '\\.')}: .*own\\.yaml`)));
    }
  });
});

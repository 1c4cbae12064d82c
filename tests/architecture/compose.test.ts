import { describeConfig, loadConfig, processSections, type Sections } from '@platform/foundation/config';
import { platformSections } from '@platform/runtime/embedded-platform';
import { readModules, subgraphNames } from '@platform/runtime/modules';
import { routerProcessSections } from '@platform/runtime/router-process';
import { definitions } from '@platform/runtime/subgraphs';
import { readSupergraphConfig } from '@platform/subgraph-client/discovery';
import { type ComposeService, composeFile, composeVariables, projectFile } from './compose-file.js';
import { envFile, productionVariables } from './compose-variables.js';

const development = envFile('.env.development');
const production = productionVariables();

/** Secrets that each subgraph has of its own. */
function ofEachSubgraph(what: string, holders: (name: string) => string[]): Record<string, readonly string[]> {
  return Object.fromEntries(subgraphNames.map((name) => [`${name.toUpperCase()}_${what}`, holders(name)]));
}

/** What a process could do harm with, and who works with it: nobody else is given it. */
const HOLDERS: Record<string, readonly string[]> = {
  POSTGRES_PASSWORD: ['migrate', 'operator', 'postgres', 'seed'],
  DATABASE_ROLE_SECRET: ['migrate', 'operator', 'seed'],
  CALLER_TOKEN_PRIVATE_KEY: ['authz', 'identity', 'operator', 'router', 'router-2', 'seed'],
  IDENTITY_KEY_ENCRYPTION_SECRET: ['identity', 'operator', 'seed'],
  AUDIT_SIGNING_KEY: ['audit', 'operator'],
  SEED_ADMIN_PASSWORD: ['seed'],
  MAIL_SMTP_PASSWORD: ['identity', 'operator', 'seed'],
  KAFKA_ADMIN_PASSWORD: ['kafka', 'operator', 'topics'],
  ...ofEachSubgraph('ROLE_PASSWORD', (name) => (name === 'audit' ? ['audit', 'topics'] : [name])),
  ...ofEachSubgraph('KAFKA_PASSWORD', (name) => [name, 'kafka'].toSorted()),
};

/** What the environment names besides configuration keys: the environment itself. */
const FIXED_POINTS = ['PLATFORM_ENV'];

describe('docker-compose.yml', () => {
  const { services, volumes } = composeFile(development);
  const all = Object.entries(services);
  const platform = all.filter(([, { build }]) => build !== undefined);
  const lasting = all.filter(([name]) => !['migrate', 'seed', 'topics', 'operator'].includes(name));

  it('has every process of the platform, two routers and what they need', () => {
    expect(Object.keys(services).toSorted()).toEqual(
      [
        ...subgraphNames,
        'router',
        'router-2',
        'migrate',
        'seed',
        'topics',
        'operator',
        'postgres',
        'redis',
        'kafka',
        'mail',
      ].toSorted(),
    );
  });

  it('sets nothing that is not a known configuration key', () => {
    const known = new Set(describeConfig(platformSections, { env: {} }).map((line) => line.environmentVariable));
    for (const [name, { environment = {} }] of platform) {
      const unknown = Object.keys(environment).filter((key) => !known.has(key) && !FIXED_POINTS.includes(key));
      expect({ name, unknown }).toEqual({ name, unknown: [] });
    }
  });

  it.each([
    ['development, with .env.development', development],
    ['production, with .env.example filled in', production],
  ])('gives each process a configuration that it accepts, in %s', (_environment, variables) => {
    for (const [name, service] of Object.entries(composeFile(variables).services)) {
      if (service.build === undefined) continue;
      expect({ name, config: configOf(name, service) }).toMatchObject({
        name,
        config: { platform: { dataDir: '/data' }, server: { host: '0.0.0.0' } },
      });
    }
  });

  it('sends mail to the mail server', () => {
    const { identity } = services as { identity: ComposeService };
    expect(configOf('identity', identity)).toMatchObject({
      mail: { transport: 'smtp', smtp: { host: 'mail', port: 1025, tls: 'none' } },
    });
  });

  it.each(Object.entries(HOLDERS))('gives %s to %j and to nobody else', (name, holders) => {
    const value = production[name] as string;
    const found = Object.entries(composeFile(production).services).filter(([, { environment = {} }]) =>
      Object.values(environment).some((text) => text.includes(value)),
    );
    expect(found.map(([service]) => service).toSorted()).toEqual(holders);
  });

  it('knows every secret of .env.example, and starts nothing without those that have no default', () => {
    const secrets = Object.keys(production).filter((name) => /PASSWORD|SECRET|SIGNING_KEY|PRIVATE_KEY/.test(name));
    expect(secrets.toSorted()).toEqual(Object.keys(HOLDERS).toSorted());
    expect(() => composeFile({})).toThrow('is not set');
    for (const name of Object.keys(development).filter((name) => name.endsWith('_PASSWORD'))) {
      expect(() => composeFile({ ...production, [name]: '' })).toThrow(`${name} is not set`);
    }
  });

  it('gives the data of a subgraph to that subgraph, and to operators', () => {
    const users = (volume: string) =>
      all
        .filter(([, { volumes: own = [] }]) => own.some((mount) => mount.startsWith(`${volume}:`)))
        .map(([name]) => name);
    expect(users('audit-data').toSorted()).toEqual(['audit', 'operator']);
    expect(users('blog-data').toSorted()).toEqual(['blog', 'operator']);
  });

  it('runs each process on its own port, where the others look for it, and publishes the routers alone', () => {
    const ports: Record<string, number> = {
      ...Object.fromEntries(readModules().ordered.map(({ name, port }) => [name, port])),
      router: 4000,
    };
    for (const [name, { command = [], environment = {} }] of platform) {
      if (command[0] !== 'start') continue;
      const [, process = ''] = command;
      expect({ name, port: environment.SERVER_PORT }).toEqual({ name, port: String(ports[process]) });
    }
    const urls = services.router?.environment?.DISCOVERY_ROUTING_URLS;
    const listed = readSupergraphConfig('supergraph.yaml', JSON.parse(urls as string)).map(({ name, url }) => [
      name,
      url,
    ]);
    expect(Object.fromEntries(listed)).toMatchObject(
      Object.fromEntries(subgraphNames.map((name) => [name, `http://${name}:${ports[name]}/graphql`])),
    );
    const published = platform.flatMap(([name, { ports: own = [] }]) => own.map((port) => `${name} ${port}`));
    expect(published).toEqual(['router 127.0.0.1:4000:4000', 'router-2 127.0.0.1:4010:4000']);
    for (const port of all.flatMap(([, { ports: own = [] }]) => own)) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('checks the health of everything that stays', () => {
    for (const [name, { healthcheck }] of lasting) {
      expect({ name, healthcheck }).toEqual({
        name,
        healthcheck: expect.objectContaining({ test: expect.any(Array) }),
      });
    }
    expect(services.router?.healthcheck?.test?.at(-1)).toContain(
      "fetch('http://127.0.0.1:' + process.env.SERVER_PORT + '/ready')",
    );
  });

  it('waits for services that exist, healthy where they have a check, and never in a circle', () => {
    for (const [name, { depends_on = {} }] of all) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        expect({ name, needed, exists: needed in services }).toEqual({ name, needed, exists: true });
        const once = ['migrate', 'seed', 'topics'].includes(needed);
        if (condition !== 'service_started')
          expect(condition).toBe(once ? 'service_completed_successfully' : 'service_healthy');
        expect(reaches(needed, name)).toBe(false);
      }
    }
  });

  it('pins every image, keeps data in named volumes, and starts the infrastructure without a profile', () => {
    for (const [name, { image = '', volumes: mounted = [], profiles = [] }] of all) {
      expect({ name, image }).toEqual({ name, image: expect.stringMatching(/^[\w./-]+:v?\d+\.\d+[\w.-]*$/) });
      for (const mount of mounted) expect(volumes).toHaveProperty([mount.split(':')[0] as string]);
      expect({ name, profiles }).toEqual({
        name,
        profiles: name === 'operator' ? ['operator'] : platform.some(([own]) => own === name) ? ['platform'] : [],
      });
    }
  });

  it('asks for no variable that .env.example does not have, and the other way round', () => {
    expect([...composeVariables()].toSorted()).toEqual(Object.keys(production).toSorted());
  });

  const reaches = (from: string, to: string): boolean =>
    Object.keys(services[from]?.depends_on ?? {}).some((next) => next === to || reaches(next, to));
});

/** The configuration as the service's process reads it. @throws InvalidConfig */
function configOf(name: string, { command = [], environment = {} }: ComposeService) {
  const { PLATFORM_ENV: chosen, ...env } = environment;
  return loadConfig(sectionsOf(name, command), { environment: chosen, env, deployed: needsOf(name, command) });
}

const subgraphOf = (name: string) =>
  Object.values(definitions).find(({ name: own }) => own === name || (name === 'seed' && own === 'identity'));

function sectionsOf(name: string, command: readonly string[]): Sections {
  if (command.join(' ') === 'start router') return routerProcessSections;
  if (name === 'operator') return platformSections;
  return { ...processSections, ...subgraphOf(name)?.sections };
}

function needsOf(name: string, command: readonly string[]): readonly string[] {
  if (command.join(' ') === 'start router') return ['redis.url', 'callerToken.privateKey', 'api.publicUrl'];
  const own = [...(subgraphOf(name)?.needs ?? []), ...(command[0] === 'start' ? ['kafka.brokers', 'redis.url'] : [])];
  return name === 'operator' ? Object.values(definitions).flatMap(({ needs }) => needs ?? []) : own;
}

describe('Dockerfile', () => {
  const lines = projectFile('Dockerfile').split('\n');

  it('builds on a pinned image of the supported Node.js and runs without root', () => {
    const bases = lines.filter((line) => line.startsWith('FROM') && line.includes(':'));
    for (const base of bases) expect(base).toMatch(/^FROM node:24\.\d+\.\d+-\w+-slim/);
    expect(new Set(bases.map((base) => base.split(' ')[1])).size).toBe(1);
    expect(lines).toContain('USER node');
  });

  it('lets the command choose the process', () => {
    expect(lines).toContain('ENTRYPOINT ["packages/runtime/bin/platform.mjs"]');
    expect(lines).toContain('CMD ["start", "router"]');
  });

  it('takes no secret, no data and no dependency of the host along', () => {
    const ignored = projectFile('.dockerignore').split('\n');
    for (const name of ['.git', '.env', '.data', '**/node_modules', '**/dist']) expect(ignored).toContain(name);
  });
});

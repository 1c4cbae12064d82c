import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, processSections, projectRoot } from '@platform/foundation/config';
import { eventually, PlatformProcess, streamClients } from '@platform/testkit';
import { parse } from 'yaml';
import { EmbeddedPlatform } from '../e2e/embedded-platform.js';
import { freePorts } from '../e2e/free-ports.js';
import { Checkout } from './checkout.js';
import { handWritten, tutorialSteps, writeStep } from './tutorial.js';

const LIST = 'supergraph.yaml';
const NEW = ['new', 'subgraph', 'shop', '--entity', 'product'];
const GENERATED = [
  '.env.development',
  '.env.example',
  '.github/workflows/schema.yaml',
  'config/default.yaml',
  'deploy/prometheus/prometheus.yml',
  'docker-compose.yml',
  'docs/operations.md',
  'docs/reference/configuration.md',
  'docs/reference/events.md',
  'docs/reference/permissions.md',
  'packages/contracts/event-schemas.json',
  'packages/contracts/package.json',
  'packages/contracts/src/events.generated.ts',
  'packages/contracts/src/permissions.generated.ts',
  'packages/contracts/tsconfig.json',
  'packages/runtime/package.json',
  'packages/runtime/src/definitions.generated.ts',
  'packages/runtime/src/names.generated.ts',
  'packages/runtime/tsconfig.json',
  'pnpm-lock.yaml',
  'router/supergraph.graphql',
  'tsconfig.json',
];

describe('a new subgraph', () => {
  let checkout: Checkout;
  let interrupted: number | null;
  let leftBehind: string[];
  const list = () => readFileSync(join(checkout.root, LIST), 'utf8');

  beforeAll(async () => {
    checkout = Checkout.copy();
    interrupted = await checkout.interrupted(/Wrote subgraphs\/shop/, './platformctl', ...NEW);
    leftBehind = checkout.changed();
    await checkout.run('./platformctl', ...NEW);
  }, 600_000);
  afterAll(() => checkout?.remove());

  it('leaves nothing behind when its making is interrupted', () => {
    expect({ interrupted, leftBehind }).toEqual({ interrupted: 130, leftBehind: [] });
  });

  it('is one folder, one entry in supergraph.yaml, and what is generated', () => {
    const changed = checkout.changed();
    expect(changed.filter((path) => !path.startsWith('subgraphs/shop/'))).toEqual([...GENERATED, LIST].toSorted());
    expect(changed.length).toBeGreaterThan(GENERATED.length + 30);
    expect(list()).toBe(`${readFileSync(join(projectRoot(), LIST), 'utf8').trimEnd()}
  shop:
    routing_url: http://127.0.0.1:4005/graphql
    schema:
      file: subgraphs/shop/schema.graphql
`);
  });

  it('passes lint, types, architecture and its own tests', async () => {
    await checkout.run('npm', 'run', 'check');
    const printed = await checkout.run('npm', 'test', '--', 'subgraphs/shop');
    expect(printed).toMatch(/Tests: +\d{2,} passed, \d{2,} total/);
  }, 900_000);

  it('is served beside one of another language: permissions by role, live events, audit entries', async () => {
    const [port] = await freePorts(1);
    cpSync(join(projectRoot(), 'docs/examples/greetings/schema.graphql'), join(checkout.root, 'greetings.graphql'));
    const before = list();
    writeFileSync(
      join(checkout.root, LIST),
      `${before}  greetings:\n    routing_url: http://127.0.0.1:${port}/graphql\n    schema:\n      file: greetings.graphql\n`,
    );
    await checkout.run('./platformctl', 'generate');
    await checkout.run('./platformctl', 'generate', '--check');
    await checkout.run('./platformctl', 'supergraph', 'compose', '--check');
    const { callerToken } = loadConfig(processSections, { environment: 'development', env: {} });
    const greetings = PlatformProcess.script(join(projectRoot(), 'docs/examples/greetings/server.mjs'), {
      PORT: String(port),
      CALLER_TOKEN_PUBLIC_KEY: callerToken.publicKey as string,
    });
    await greetings.prints(/listening/);
    const platform = await EmbeddedPlatform.start({ root: checkout.root });
    try {
      const admin = await platform.signInAsAdministrator();
      const owner = await platform.signUp('owner@example.com', 'a rather long password');
      const stream = streamClients['graphql-ws']({
        url: `${platform.url}/graphql`,
        query: 'subscription { productChanged { name version owner { displayName } } }',
        token: owner.accessToken,
      });
      await eventually(async () =>
        expect(await (await fetch(`${platform.url}/metrics`)).text()).toContain('router_client_subscriptions 1\n'),
      );
      const { createProduct } = await owner.client.data(
        'mutation { createProduct(input: { name: "Lamp" }) { id version owner { displayName greeting } } }',
      );
      expect(createProduct.owner).toEqual({ displayName: 'Ada Lovelace', greeting: `Hello, user ${owner.userId}!` });
      expect(await stream.result(0)).toEqual({
        data: { productChanged: { name: 'Lamp', version: 1, owner: { displayName: 'Ada Lovelace' } } },
      });
      stream.stop();

      const { id } = createProduct;
      await owner.client.data(
        'mutation ($id: ID!) { updateProduct(id: $id, input: { name: "Lantern", version: 1 }) { id } }',
        { id },
      );
      const { products, greeting } = await platform.anonymous.data(
        '{ products { nodes { name } totalCount } greeting(name: "Ada") }',
      );
      expect(products).toEqual({ nodes: [{ name: 'Lantern' }], totalCount: 1 });
      expect(greeting).toBe('Hello, Ada! You are anonymous.');
      const deletion = 'mutation ($id: ID!) { deleteProduct(id: $id) }';
      expect(await platform.anonymous.codes(deletion, { id })).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
      await owner.client.data(deletion, { id });
      await eventually(async () => {
        const { auditEntries } = await admin.client.data(
          'query ($id: ID) { auditEntries(filter: { resourceId: $id }) { nodes { action actor { id } } } }',
          { id },
        );
        expect(auditEntries.nodes).toEqual(
          ['deleted', 'updated', 'created'].map((what) => ({
            action: `shop.product.${what}`,
            actor: { id: owner.userId },
          })),
        );
      });
    } finally {
      await platform.stop();
      await greetings.end();
      writeFileSync(join(checkout.root, LIST), before);
      rmSync(join(checkout.root, 'greetings.graphql'));
    }
  }, 600_000);

  it('grows by the tutorial, in at most 150 lines', async () => {
    const [generated, ...steps] = tutorialSteps();
    expect(generated).toEqual({ kind: 'commands', lines: ['./platformctl new subgraph shop --entity product'] });
    expect(handWritten(steps).length).toBeGreaterThan(100);
    expect(handWritten(steps).length).toBeLessThanOrEqual(150);
    for (const step of steps) {
      if (step.kind === 'file') writeStep(checkout.root, step);
      else for (const line of step.lines) await checkout.run('sh', '-c', line);
    }
    const rules = 'subgraphs/shop/test/purchases.test.ts';
    expect(checkout.changed()).toContain(rules);
  }, 1_500_000);

  it('gets an event, a permission and a migration by a command each', async () => {
    const part = (kind: string, ...args: string[]) => checkout.run('./platformctl', 'new', kind, 'shop', ...args);
    await part('event', 'product.praised', '--description', 'Somebody praised a product');
    await part('permission', 'product.praise', '--description', 'Praise products.', '--granted-to', 'user');
    await part('migration', 'add-praise');
    const textOf = (path: string) => readFileSync(join(checkout.root, path), 'utf8');
    const module = parse(textOf('subgraphs/shop/module.yaml'));
    expect(module.events.published).toContain('shop.product.praised');
    expect(module.permissions).toContainEqual({
      code: 'shop.product.praise',
      description: 'Praise products.',
      grantedTo: ['user'],
    });
    expect(textOf('subgraphs/shop/contracts/src/index.ts')).toContain(`/** Somebody praised a product. */
export const productPraised = defineEvent({
  type: 'shop.product.praised',
  resource: 'product',
  data: z.object({ productId: z.uuid() }),
});
`);
    const migrations = globSync('subgraphs/shop/migrations/*.sql', { cwd: checkout.root }).sort();
    expect(migrations.at(-1)).toMatch(/-add-praise\.sql$/);
    await checkout.run('./platformctl', 'generate', '--check');
    await checkout.run('npm', 'run', 'lint');
    await checkout.run('./platformctl', 'migrate', '--check');
  }, 600_000);

  it('is gone without a trace when its folder and its entry are', async () => {
    rmSync(join(checkout.root, 'subgraphs/shop'), { recursive: true });
    writeFileSync(join(checkout.root, LIST), readFileSync(join(projectRoot(), LIST)));
    await checkout.run('./platformctl', 'generate');
    expect(checkout.changed()).toEqual([]);
  }, 300_000);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, GraphQLClient, PlatformProcess } from '@platform/testkit';
import { EmbeddedPlatform } from '../e2e/embedded-platform.js';
import { freePorts } from '../e2e/free-ports.js';
import { Checkout } from './checkout.js';

const SOURCE = 'subgraphs/blog/src/services/post-search.ts';

describe('npm run dev', () => {
  let checkout: Checkout;
  let dev: PlatformProcess;
  let client: GraphQLClient;
  const save = (statement: string) => {
    const path = join(checkout.root, SOURCE);
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, before.replace(/^ {4}return counts\.map\(.*$|^ {4}\/\* saved \*\/.*$/m, `    ${statement}`));
  };
  const answers = (expected: object) =>
    eventually(async () => expect(await client.request('{ tags { name } }')).toMatchObject(expected), {
      timeout: 120_000,
    });

  beforeAll(async () => {
    checkout = Checkout.copy();
    await checkout.run('node', 'scripts/prepare.mjs');
    const [port] = await freePorts(1);
    dev = PlatformProcess.script(join(checkout.root, 'scripts/dev.mjs'), {
      PLATFORM_DATA_DIR: await EmbeddedPlatform.newDirectory(),
      SERVER_PORT: String(port),
    });
    await dev.prints(/The platform is ready/, 120_000);
    client = new GraphQLClient(`http://localhost:${port}/graphql`);
  }, 300_000);
  afterAll(async () => {
    await dev?.end();
    checkout?.remove();
  });

  it('serves a resolver as it was saved last, and what ran before while that is no code', async () => {
    await answers({ data: { tags: [] } });
    const savedAt = performance.now();
    save("/* saved */ return [...counts.map(({ name, posts }) => new Tag(name, posts)), new Tag('saved', 1)];");
    await answers({ data: { tags: [{ name: 'saved' }] } });
    process.stderr.write(`The changed answer came ${Math.round(performance.now() - savedAt)} ms after it was saved\n`);
    expect(dev.printed.match(/Started again/g)).toHaveLength(1);

    save('/* saved */ return counts.map(;');
    await dev.prints(/Not compiled: what ran before goes on/, 120_000);
    await answers({ data: { tags: [{ name: 'saved' }] } });
  }, 300_000);

  it('runs what has wrong types, and says so', async () => {
    save("/* saved */ const size: string = 7; return [new Tag('size ' + size, 1)];");
    await answers({ data: { tags: [{ name: 'size 7' }] } });
    await dev.prints(/Type 'number' is not assignable to type 'string'.*Some types are wrong/s, 120_000);
  }, 300_000);

  it('names lines of TypeScript in stack traces', async () => {
    save("/* saved */ throw new Error('thrown by a resolver', { cause: counts });");
    await answers({ errors: [{ path: ['tags'] }] });
    expect(dev.printed).toMatch(/post-search\.ts:\d+:\d+/);
  }, 300_000);
});

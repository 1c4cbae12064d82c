import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GraphQLClient } from '@platform/testkit';
import { EmbeddedPlatform } from './embedded-platform.js';

const WRITERS = 4;
const BEFORE = 20;
const AFTER = 20;
/** Of all that a crash makes the platform say, however many requests it meets. */
const MOST_LINES = 100;

const create = 'mutation ($title: String!) { createPost(input: { title: $title, content: "text" }) { id } }';

describe('the embedded platform whose PostgreSQL is killed while it is written to', () => {
  let platform: EmbeddedPlatform;
  let client: GraphQLClient;

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
    ({ client } = await platform.signInAsAdministrator());
  });
  afterAll(() => platform?.stop());

  it('loses nothing that it has acknowledged, says that it is unavailable, in few lines, and recovers by itself', async () => {
    const acknowledged: string[] = [];
    const codes = new Set<unknown>();
    let wanted = BEFORE;
    let attempts = 0;
    const write = async (): Promise<void> => {
      while (acknowledged.length < wanted) {
        attempts += 1;
        const { data, errors } = await client.request(create, { title: `Post ${attempts}` });
        const post = data?.['createPost'] as { id: string } | null | undefined;
        if (post) acknowledged.push(post.id);
        else for (const { extensions } of errors) codes.add(extensions?.['code']);
      }
    };
    const writers = () => Promise.all(Array.from({ length: WRITERS }, write));
    await writers();
    const said = platform.process.printed.split('\n').length;

    wanted += AFTER;
    const pid = await readFile(join(platform.directory, 'postgres', 'data', 'postmaster.pid'), 'utf8');
    process.kill(Number.parseInt(pid, 10), 'SIGKILL');
    await writers();

    expect([...codes].filter((code) => code === 'INTERNAL_SERVER_ERROR')).toEqual([]);
    const query = `{ ${acknowledged.map((id, index) => `p${index}: post(id: "${id}") { id }`).join(' ')} }`;
    const found = await client.data(query);
    expect(Object.values(found).filter((post) => post === null)).toEqual([]);
    const lines = platform.process.printed.split('\n').slice(said);
    expect(lines.filter((line) => line.includes('restarting in'))).not.toEqual([]);
    expect(lines.length).toBeLessThan(MOST_LINES);
  });
});

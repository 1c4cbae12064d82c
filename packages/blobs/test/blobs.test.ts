import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlobLink, InvalidBlobKey, LocalBlobs } from '@platform/blobs';
import { loadConfig, processSections } from '@platform/foundation/config';
import { ErrorBus } from '@platform/foundation/errors';
import { Health } from '@platform/foundation/health';
import { createHttpServer, type HttpServerComponent } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { eventually, TestClock } from '@platform/testkit';
import fc from 'fast-check';

const MINUTE = 60_000;
const FOLDER = 'shop/photo/0191';
const TEXT = 'text/plain';

describe('blobs in a folder', () => {
  let dataDir: string;
  let http: HttpServerComponent;
  let blobs: LocalBlobs;
  const clock = new TestClock();
  const failures: unknown[] = [];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'platform-blobs-'));
    const set = [`platform.dataDir=${dataDir}`, 'server.port=0', 'blobs.linkLifetime=10m'];
    const config = loadConfig(processSections, { environment: 'test', set });
    http = createHttpServer({
      config: config.server,
      port: 0,
      logger: createLogger({ level: 'silent', format: 'json' }),
      health: new Health(),
      metrics: new Metrics(),
      onError: (error) => failures.push(error),
    });
    blobs = new LocalBlobs('shop', config, clock, new ErrorBus());
    blobs.routes(http.app);
    await http.start();
  });
  afterAll(async () => {
    expect(failures).toEqual([]);
    await http.stop();
    await rm(dataDir, { recursive: true });
  });

  let file = 0;
  const newKey = () => `${FOLDER}/${file++}.txt`;
  const here = ({ url }: BlobLink) => url.replace('http://localhost:4000', http.url);
  const put = (link: BlobLink, body: string | null, type = TEXT) =>
    fetch(here(link), { method: 'PUT', body, headers: { 'content-type': type }, duplex: 'half' } as RequestInit);
  const kept = async (text: string) => {
    const key = newKey();
    expect((await put(blobs.presignUpload(key, { type: TEXT, size: Buffer.byteLength(text) }), text)).status).toBe(201);
    return key;
  };
  const refusal = async (response: Response) => {
    const { errors } = (await response.json()) as { errors: [{ extensions: { code: string } }] };
    return [response.status, errors[0].extensions.code];
  };

  it('are sent and fetched by links, whole, with headers that let nothing run', async () => {
    const key = await kept('hello');
    const { url, expiresAt } = blobs.presignDownload(key, TEXT);
    const response = await fetch(here({ url, expiresAt }));

    expect([response.status, await response.text()]).toEqual([200, 'hello']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': TEXT,
      'content-length': '5',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'access-control-allow-origin': '*',
      'cache-control': expect.stringMatching(/^private, immutable, max-age=\d+$/),
    });
    const left = Number(response.headers.get('cache-control')?.split('=')[1]) * 1000;
    expect(Math.abs(expiresAt.getTime() - clock.now().getTime() - left)).toBeLessThan(2_000);
  });

  it('are found, listed, read in their beginning, and deleted', async () => {
    const key = await kept('a long text');
    const folder = 'shop/photo/of-another';
    expect(await blobs.find(key)).toMatchObject({ key, size: 11 });
    expect((await blobs.list(FOLDER)).map((blob) => blob.key)).toContain(key);
    expect((await blobs.readHead(key, 6))?.toString()).toBe('a long');
    expect((await blobs.readHead(key, 100))?.toString()).toBe('a long text');

    await blobs.delete(key);
    await blobs.delete(key);

    expect([await blobs.find(key), await blobs.readHead(key, 1), await blobs.list(folder)]).toEqual([null, null, []]);
    expect(await refusal(await fetch(here(blobs.presignDownload(key, TEXT))))).toEqual([404, 'NOT_FOUND']);
  });

  it('never change: what is sent to a link a second time is refused', async () => {
    const key = newKey();
    const link = blobs.presignUpload(key, { type: TEXT, size: 5 });
    const answers = await Promise.all(['first', 'other', 'third'].map((text) => put(link, text)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    const kept = await blobs.readHead(key, 10);
    expect(['first', 'other', 'third']).toContain(kept?.toString());
    expect(await refusal(await put(link, 'again'))).toEqual([409, 'CONFLICT']);
    expect(await blobs.readHead(key, 10)).toEqual(kept);
  });

  it.each([
    ['fewer', 'four'],
    ['more', 'sixsix'],
    ['many more', 'x'.repeat(2_000_000)],
    ['no', null],
  ])('are not kept when there are %s bytes than were promised', async (_, text) => {
    const key = newKey();
    expect(await refusal(await put(blobs.presignUpload(key, { type: TEXT, size: 5 }), text))).toEqual([
      400,
      'BAD_REQUEST',
    ]);
    expect(await blobs.find(key)).toBeNull();
  });

  it('are not kept in part when the sender goes away, and may be sent again', async () => {
    const key = newKey();
    const link = blobs.presignUpload(key, { type: TEXT, size: 100_000 });
    const { hostname, port, pathname, search } = new URL(here(link));
    const socket = connect(Number(port), hostname);
    socket.write(
      `PUT ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-type: ${TEXT}\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(50_000)}`,
    );
    const coming = async () =>
      (await readdir(join(dataDir, 'blobs', FOLDER))).filter((name) => name.endsWith('.coming'));
    await eventually(async () => expect(await coming()).toHaveLength(1));
    expect((await blobs.list(FOLDER)).map((blob) => blob.key)).not.toContain(key);
    socket.destroy();

    await eventually(async () => expect(await coming()).toEqual([]));
    expect(await blobs.find(key)).toBeNull();
    expect((await put(link, 'y'.repeat(100_000))).status).toBe(201);
  });

  it('leave nothing of uploads whose process was killed, and all that may still be coming', async () => {
    const folder = join(dataDir, 'blobs', 'shop/photo/0192');
    await mkdir(folder, { recursive: true });
    const [stale, recent, whole] = ['a.txt.1.coming', 'b.txt.2.coming', 'c.txt'].map((name) => join(folder, name));
    for (const path of [stale, recent, whole]) await writeFile(path as string, 'half');
    const longAgo = new Date(Date.now() - 2 * 60 * MINUTE);
    for (const path of [stale, whole]) await utimes(path as string, longAgo, longAgo);

    await blobs.part.start?.();

    await eventually(async () => expect(await readdir(folder)).toEqual(['b.txt.2.coming', 'c.txt']));
    await blobs.part.stop?.();
  });

  it('are sent as the type that was promised', async () => {
    const link = blobs.presignUpload(newKey(), { type: 'image/png', size: 4 });
    expect(await refusal(await put(link, 'text', 'text/html'))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect((await put(link, 'text', 'image/png')).status).toBe(201);
  });

  it('have links that say one thing: with anything changed they are of no use', async () => {
    const key = await kept('secret');
    const other = await kept('other');
    const get = here(blobs.presignDownload(key, TEXT));
    const send = here(blobs.presignUpload(newKey(), { type: TEXT, size: 4 }));
    const changed = [
      get.replace(key, other),
      get.replace('text%2Fplain', 'text%2Fhtml'),
      get.replace(/expires=\d+/, (expires) => `${expires}0`),
      get.replace(/signature=./, 'signature='),
      get.replace(/\?.*/, ''),
      here(blobs.presignUpload(other, { type: TEXT, size: 5 })),
    ];
    for (const url of changed) expect(await refusal(await fetch(url))).toEqual([404, 'NOT_FOUND']);
    for (const url of [send.replace('size=4', 'size=5'), send.replace('.txt', '.html'), get]) {
      const response = await put({ url, expiresAt: clock.now() }, 'text!');
      expect(await refusal(response)).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('have links that are the same for half of their life, and end', async () => {
    const key = await kept('for a while');
    const [half, margin] = [5 * MINUTE, MINUTE];
    clock.advance(half - (clock.now().getTime() % half));
    const link = blobs.presignDownload(key, TEXT);
    clock.advance(half - margin);
    expect(blobs.presignDownload(key, TEXT)).toEqual(link);
    clock.advance(margin);
    expect(blobs.presignDownload(key, TEXT)).not.toEqual(link);

    clock.advance(half - margin);
    expect((await fetch(here(link))).status).toBe(200);
    clock.advance(margin);
    expect((await fetch(here(link))).status).toBe(404);
  });

  it('may be used by pages of every origin that have a link', async () => {
    const response = await fetch(here(blobs.presignUpload(newKey(), { type: TEXT, size: 4 })), {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'PUT' },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'content-type',
    });
  });

  it('have keys that lead nowhere else', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('..', '.', '', 'a', '/', '\\', '%2e', '\0', 'x.y.z', 'é'), {
          minLength: 1,
          maxLength: 6,
        })
        .map((parts) => parts.join('/')),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (key) => {
        fc.pre(!/^[\w-]+\/[\w-]+\/[\w-]+\/[\w-]+(\.[a-z0-9]+)?$/.test(key));
        expect(() => blobs.presignUpload(key, { type: TEXT, size: 1 })).toThrow(InvalidBlobKey);
        expect(() => blobs.presignDownload(key, TEXT)).toThrow(InvalidBlobKey);
        for (const use of [() => blobs.find(key), () => blobs.delete(key), () => blobs.readHead(key, 1)]) {
          await expect(use()).rejects.toThrow(InvalidBlobKey);
        }
      }),
    );
    await expect(blobs.list('shop/..')).rejects.toThrow(InvalidBlobKey);
    await expect(blobs.list('../../..')).rejects.toThrow(InvalidBlobKey);
    const { url } = blobs.presignDownload(newKey(), TEXT);
    expect((await fetch(here({ url: url.replace(FOLDER, '..%2f..%2fetc'), expiresAt: new Date() }))).status).toBe(400);
  });
});

import { request } from 'node:http';
import { Mailbox } from '@platform/mail';
import { fastify } from 'fastify';
import { registerDevelopmentPages } from '../../src/dev-ui/index.js';
import { RouterHarness } from '../http/router-harness.js';

describe('the development pages', () => {
  const app = fastify();
  beforeAll(async () => {
    const mailbox = new Mailbox('/nonexistent');
    registerDevelopmentPages(app, { mailbox, appName: 'Test', publicUrl: 'https://dev.example.com:8443' });
    await app.ready();
  });
  afterAll(() => app.close());

  const status = async (url: string, host: string) => (await app.inject({ url, headers: { host } })).statusCode;
  const pages = ['/dev/mailbox', '/dev/mailbox.json', '/verify-email', '/reset-password', '/dev/assets/page.css'];

  it.each(['localhost:4000', '127.0.0.1:4000', '[::1]:4000', '192.168.1.7', 'app.localhost', 'dev.example.com:8443'])(
    'are served under %s',
    async (host) => {
      for (const page of pages) expect([page, await status(page, host)]).toEqual([page, 200]);
    },
  );

  it.each(['evil.example', 'localhost.evil.example', 'dev.example.com.evil.example', '127.0.0.1.nip.io', 'a b'])(
    'are not read under a name that somebody else made lead here: %s',
    async (host) => {
      for (const page of pages) expect([page, await status(page, host)]).toEqual([page, 421]);
    },
  );
});

describe('the explorer, which shares its path with the GraphQL endpoint', () => {
  let router: RouterHarness;
  beforeAll(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterAll(() => router.stop());

  const status = (host: string) =>
    new Promise((resolve, reject) => {
      const headers = { host, accept: 'text/html' };
      const asked = request(router.url, { headers }, (response) => {
        response.resume();
        resolve([response.statusCode, response.headers['content-type']]);
      });
      asked.on('error', reject).end();
    });

  it('is a page under the same names, and 421 under others', async () => {
    expect(await status('localhost:4000')).toEqual([200, 'text/html; charset=utf-8']);
    expect(await status('evil.example')).toEqual([421, 'text/plain; charset=utf-8']);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Mailbox } from '@platform/mail';
import fastify, { type FastifyInstance } from 'fastify';
import { explorerPage, plainExplorerPage, registerDevelopmentPages } from '../../src/dev-ui/index.js';

const hostile = '<script>alert("x")</script>';

/** Where mailed links lead. */
const LINK_PAGES = [
  '/verify-email',
  '/reset-password',
  '/invitation',
  '/confirm-email-change',
  '/revert-email-change',
  '/auth/complete',
];

describe('the development pages', () => {
  let directory: string;
  let mailbox: Mailbox;
  let http: FastifyInstance;
  let logged: string;

  const get = (url: string, headers = {}) => http.inject({ url, headers });

  const mail = (to: string, subject = 'Hello', rest = {}) =>
    mailbox.send({ to, subject, text: 'Good day.', html: '<p>Good day.</p>', links: [], ...rest });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mailbox-'));
    mailbox = new Mailbox(directory);
    logged = '';
    http = fastify({ logger: { level: 'info', stream: { write: (line: string) => (logged += line) } } });
    registerDevelopmentPages(http, { mailbox, appName: 'Try & Co' });
  });

  afterEach(async () => {
    await http.close();
    await rm(directory, { recursive: true });
  });

  describe('every page', () => {
    it.each([...LINK_PAGES.map((path) => `${path}?token=T`), '/dev/mailbox'])(
      '%s is private, and runs and loads nothing foreign',
      async (url) => {
        const { statusCode, headers, body } = await get(url);

        expect(statusCode).toBe(200);
        expect(headers).toMatchObject({
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        });
        const policy = headers['content-security-policy'];
        expect(policy).toContain("default-src 'none'; script-src 'self';");
        expect(policy).toContain("frame-ancestors 'none'");
        expect(body).toContain('Try &amp; Co');
        expect(body).not.toMatch(/<script(?![^>]* src="\.{1,2}\/dev\/assets\/)/);
      },
    );

    it('loads only assets that exist', async () => {
      const pages = [
        explorerPage('Try').body,
        plainExplorerPage('Try').body,
        ...(await Promise.all([...LINK_PAGES, '/dev/mailbox'].map((url) => get(url)))).map(({ body }) => body),
      ];
      const loaded = new Set(pages.join().match(/\/dev\/assets\/[\w.-]+/g));

      expect(loaded).toContain('/dev/assets/graphiql.js');
      for (const url of loaded) expect([url, (await get(url)).statusCode]).toEqual([url, 200]);
    });

    it('asks for nothing at the root of its host, so that it works behind a path of a proxy', async () => {
      const pages = await Promise.all([...LINK_PAGES, '/dev/mailbox'].map((url) => get(url)));
      for (const body of [explorerPage('Try').body, plainExplorerPage('Try').body, ...pages.map(({ body }) => body)]) {
        expect(body).not.toMatch(/(?:href|src|action)="\//);
      }
      for (const script of ['graphql.js', 'subscribe.js', 'journey.js', 'examples.js', 'session.js']) {
        expect((await get(`/dev/assets/${script}`)).body).not.toMatch(/['"`]\/(?:graphql|dev)\b/);
      }
    });

    it('loads scripts whose imports exist', async () => {
      const scripts = [
        'explorer.js',
        'plain-explorer.js',
        'mailbox.js',
        'auth-complete.js',
        'confirm-email-change.js',
        'invitation.js',
        'reset-password.js',
        'revert-email-change.js',
        'verify-email.js',
      ];
      for (const script of scripts) {
        const { body } = await get(`/dev/assets/${script}`);
        for (const [, name] of body.matchAll(/from '\.\/([\w.-]+)'/g)) {
          expect([script, name, (await get(`/dev/assets/${name}`)).statusCode]).toEqual([script, name, 200]);
          if (name && !scripts.includes(name)) scripts.push(name);
        }
      }
      expect(scripts).toContain('graphql.js');
    });
  });

  describe('mail links', () => {
    it('answer a GET without the token, in the page or in the log', async () => {
      for (const path of LINK_PAGES) {
        expect((await get(`${path}?token=SECRET`)).body).not.toContain('SECRET');
      }
      expect(logged).not.toContain('SECRET');
    });
  });

  describe('/dev/mailbox.json', () => {
    it('lists every mail, newest first, with what a client needs and no more', async () => {
      await mail('ada@example.com', 'First');
      await mail('ben@example.com', 'Second', { links: ['http://localhost:4000/verify-email?token=T'] });

      const { headers, body } = await get('/dev/mailbox.json');

      expect(headers['content-type']).toContain('application/json');
      expect(headers['cache-control']).toBe('no-store');
      const mails = JSON.parse(body);
      expect(mails.map(({ subject }: { subject: string }) => subject)).toEqual(['Second', 'First']);
      expect(mails[0]).toEqual({
        to: 'ben@example.com',
        subject: 'Second',
        text: 'Good day.',
        html: '<p>Good day.</p>',
        links: ['http://localhost:4000/verify-email?token=T'],
        sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
    });

    it('lists the mail of one address, however its letters are written', async () => {
      await mail('ada@example.com', 'For Ada');
      await mail('ben@example.com', 'For Ben');

      const subjects = async (query: string) =>
        JSON.parse((await get(`/dev/mailbox.json?${query}`)).body).map(({ subject }: { subject: string }) => subject);

      expect(await subjects('to=Ada%40Example.com')).toEqual(['For Ada']);
      expect(await subjects('to=nobody%40example.com')).toEqual([]);
      expect(await subjects('to=')).toEqual(['For Ben', 'For Ada']);
      expect(await subjects('to=ben%40example.com&to=ada%40example.com')).toEqual(['For Ben']);
    });
  });

  describe('/dev/mailbox', () => {
    it('shows mails as text, newest first, with their web addresses as links', async () => {
      await mail('ada@example.com', 'First', { text: 'Open https://example.com/a?b=1&c=2.' });
      await mail('ada@example.com', 'Second', { links: ['https://example.com/only-here'] });

      const { body } = await get('/dev/mailbox?to=ada%40example.com');

      expect(body.indexOf('<h2>Second</h2>')).toBeGreaterThan(0);
      expect(body.indexOf('<h2>Second</h2>')).toBeLessThan(body.indexOf('<h2>First</h2>'));
      expect(body).toContain(
        '<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noreferrer">https://example.com/a?b=1&amp;c=2</a>.',
      );
      expect(body).toContain('href="https://example.com/only-here"');
      expect(body).toContain('2 mails to ada@example.com');
    });

    it('lets nothing in a mail or in its own address become markup or script', async () => {
      await mail(`"${hostile}"@example.com`, hostile, {
        text: `${hostile} https://x.example/"onclick="y`,
        html: `${hostile}">`,
        links: ['javascript:alert(1)'],
      });

      const { body } = await get('/dev/mailbox');
      const filtered = await get(`/dev/mailbox?to=${encodeURIComponent(`">${hostile}`)}`);

      expect(body).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
      for (const page of [body, filtered.body]) {
        expect(page).not.toContain('<script>alert');
        expect(page).not.toContain('href="javascript:');
        expect(page).not.toContain('"onclick=');
      }
      expect(body).toMatch(/<iframe [^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    });
  });

  describe('assets', () => {
    it.each([
      ['page.css', 'text/css'],
      ['session.js', 'text/javascript'],
      ['graphiql.js', 'text/javascript'],
      ['graphiql.css', 'text/css'],
      ['react-dom.js', 'text/javascript'],
      ['icon.svg', 'image/svg+xml'],
    ])('%s is %s, and is sent again only when it has changed', async (name, type) => {
      const first = await get(`/dev/assets/${name}`);

      expect(first.statusCode).toBe(200);
      expect(first.headers['content-type']).toContain(type);
      expect(first.headers['cache-control']).toBe('no-cache');
      expect((await get(`/dev/assets/${name}`, { 'if-none-match': first.headers.etag })).statusCode).toBe(304);
      expect((await get(`/dev/assets/${name}`, { 'if-none-match': '"other"' })).statusCode).toBe(200);
    });

    it.each([
      'nothing.js',
      '..%2f..%2fpackage.json',
      '%2e%2e%2fpackage.json',
      '..%5cpackage.json',
      '../../package.json',
      'constructor',
      '__proto__',
      '',
    ])('refuses %j', async (name) => {
      const { statusCode, body } = await get(`/dev/assets/${name}`);

      expect(statusCode).toBe(404);
      expect(body).not.toContain('@platform/router');
    });
  });
});

import type { Attack, Family, HttpSent } from '../attack.js';

const MUTATION = JSON.stringify({ query: 'mutation { order(text: "forged") }' });
const QUERY = `?${new URLSearchParams({ query: '{ hello }' })}`;
const EVENTS = 'text/event-stream';
const CROSS_SITE = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };

/** What a page can have a browser post without asking first. */
const posted = (name: string, headers: Record<string, string>, body = MUTATION): Attack => ({
  name,
  http: { headers: { ...CROSS_SITE, ...headers }, body },
  gets: { status: 415, codes: ['UNSUPPORTED_MEDIA_TYPE'] },
});
const read = (name: string, { headers, ...http }: HttpSent, status = 403): Attack => ({
  name,
  http: { method: 'GET', path: `/graphql${QUERY}`, ...http, headers: { ...CROSS_SITE, ...headers } },
  gets: { status, lacks: /Hello/, ...(http.method !== 'HEAD' && status === 403 && { codes: ['CSRF_PREVENTED'] }) },
});
const own = (name: string, headers: Record<string, string>): Attack => ({
  name,
  http: { method: 'GET', path: `/graphql${QUERY}`, headers },
  gets: { status: 200, data: { hello: 'Hello, world' } },
});

/** What a page of another site has a person's browser do. */
export const crossSite: Family = {
  name: 'cross-site requests',
  attacks: [
    posted(
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'query=mutation+%7B+order(text%3A+%22x%22)+%7D',
    ),
    posted(
      'a form with files',
      { 'content-type': 'multipart/form-data; boundary=x' },
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${MUTATION}\r\n--x--`,
    ),
    posted('plain text that is JSON', { 'content-type': 'text/plain' }),
    posted('plain text that names JSON as its parameter', { 'content-type': 'text/plain; application/json' }),
    posted('two types in one header', { 'content-type': 'text/plain, application/json' }),
    posted('no type at all', {}),
    read('an image', {}),
    read('a page of another subdomain', { headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' } }),
    read('a HEAD, whose work is done all the same', { method: 'HEAD' }),
    read('an image below a path that is spelt in another way', { path: `/%67raphql${QUERY}` }),
    read('an event stream', { headers: { accept: EVENTS, origin: 'https://evil.example' } }),
    read('an event stream of the single connection mode', {
      path: '/graphql?token=guessed',
      headers: { accept: EVENTS },
    }),
    {
      name: 'a mutation by GET',
      http: { method: 'GET', path: `/graphql?${new URLSearchParams({ query: 'mutation { order(text: "x") }' })}` },
      gets: { status: 405, codes: ['METHOD_NOT_ALLOWED'] },
    },
    {
      name: 'a mutation by GET that says it is a POST',
      http: {
        method: 'GET',
        path: `/graphql?${new URLSearchParams({ query: 'mutation { order(text: "x") }' })}`,
        headers: { 'x-http-method-override': 'POST' },
      },
      gets: { status: 405, codes: ['METHOD_NOT_ALLOWED'] },
    },
    {
      name: 'a mutation in the URL of a POST without a body',
      http: { path: `/graphql?${new URLSearchParams({ query: 'mutation { order(text: "x") }' })}` },
      gets: { status: 400, codes: ['BAD_REQUEST'] },
    },
    {
      name: 'a preflight of a foreign page',
      http: {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      },
      gets: { status: 204, lacks: /access-control-allow/i },
    },
    { name: 'a WebSocket of a foreign page', frames: [], origin: 'https://evil.example', gets: { close: 403 } },
    { name: 'a WebSocket of a page without an origin', frames: [], origin: 'null', gets: { close: 403 } },
  ],
  neighbours: [
    own('who is no browser', {}),
    own('the router’s own pages', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }),
    own('a request that a preflight has allowed', { ...CROSS_SITE, 'apollo-require-preflight': 'true' }),
    {
      name: 'JSON with a charset',
      http: { headers: { 'content-type': 'application/json; charset=utf-8' }, body: MUTATION },
      gets: { status: 200, data: { order: 'forged' } },
    },
  ],
};

import { isOriginRule, namesOrigin } from '../../src/transports/http/origins.js';

describe('origins with a wildcard', () => {
  it.each([
    'https://*.example.com',
    'http://*.example.com:8080',
    'https://*.a.b.example.com',
    '*',
    'https://example.com',
  ])('may be %s', (rule) => expect(isOriginRule(rule)).toBe(true));

  it.each([
    ...['https://*', 'https://*.com', '*.example.com', 'https://a*.example.com', 'https://*.*.example.com'],
    ...[
      'https://example.*',
      'https://*.example.com/',
      'https://*.EXAMPLE.com',
      'https://*.example.com:443',
      'ftp://*.example.com',
    ],
    ...['https://a.example.com*', 'https://*example.com', 'https://user@*.example.com', ''],
  ])('may not be %j', (rule) => expect(isOriginRule(rule)).toBe(false));

  it.each([
    ['https://app.example.com', true],
    ['https://a-1.example.com', true],
    ['https://example.com', false],
    ['https://a.b.example.com', false],
    ['http://app.example.com', false],
    ['https://app.example.com:8443', false],
    ['https://app.example.com.evil.org', false],
    ['https://evilexample.com', false],
    ['https://.example.com', false],
    ['https://evil.org/.example.com', false],
    ['https://evil.org#.example.com', false],
    ['https://evil@x.example.com', false],
    ['https://-.example.com', false],
    ['null', false],
  ])('stand for one label: %s is named: %s', (origin, named) => {
    expect(namesOrigin(['https://*.example.com'], origin)).toBe(named);
  });
});

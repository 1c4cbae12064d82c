import { NO_ORGANIZATION } from '@platform/auth';
import { RequestedOrganization } from '../../src/organizations/index.js';

const both = { resolve: ['header', 'subdomain'], header: 'x-organization', domain: 'Example.com' } as const;
const ID = '018f0000-0000-7000-8000-0000000000aa';

describe('the organization that a request names', () => {
  it.each([
    [{}, undefined],
    [{ 'x-organization': '' }, undefined],
    [{ 'x-organization': ' Acme ' }, 'acme'],
    [{ 'x-organization': ID.toUpperCase() }, ID],
    [{ 'x-organization': 'acme', host: 'globex.example.com' }, 'acme'],
    [{ 'x-organization': 'acme, globex' }, NO_ORGANIZATION],
    [{ 'x-organization': ['acme', 'globex'] }, NO_ORGANIZATION],
    [{ 'x-organization': 'a'.repeat(64) }, NO_ORGANIZATION],
    [{ 'x-organization': 'Ácme' }, NO_ORGANIZATION],
    [{ host: 'acme.example.com' }, 'acme'],
    [{ host: 'ACME.EXAMPLE.COM.:4000' }, 'acme'],
    [{ host: 'example.com' }, undefined],
    [{ host: 'www.example.com:443' }, undefined],
    [{ host: 'a.b.example.com' }, NO_ORGANIZATION],
    [{ host: '.example.com' }, undefined],
    [{ host: 'notexample.com' }, undefined],
    [{ host: 'acme.example.com.evil.test' }, undefined],
    [{ host: '[::1]:4000' }, undefined],
    [{ host: '127.0.0.1:4000' }, undefined],
  ])('is, of %j, %s', (headers, name) => {
    expect(new RequestedOrganization(both).of(headers)).toBe(name);
  });

  it('is named by what is configured alone, and first by what is listed first', () => {
    const headers = { 'x-organization': 'acme', host: 'globex.example.com' };
    const named = (resolve: ('header' | 'subdomain')[]) => new RequestedOrganization({ ...both, resolve });
    expect(named([]).of(headers)).toBeUndefined();
    expect(named(['subdomain']).of(headers)).toBe('globex');
    expect(named(['subdomain']).header).toBeUndefined();
    expect(named(['subdomain', 'header']).of(headers)).toBe('globex');
    expect(named(['header']).of({ host: headers.host })).toBeUndefined();
    expect(named(['header']).header).toBe('x-organization');
  });
});

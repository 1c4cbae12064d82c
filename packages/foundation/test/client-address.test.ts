import type { IncomingMessage } from 'node:http';
import { networkOf } from '@platform/foundation/fair-shares';
import { clientAddress, type TrustedProxies } from '@platform/foundation/http';

const from = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;

const nobody: TrustedProxies = { trusted: [], hops: 0, header: 'x-forwarded-for' };
const balancers = { ...nobody, trusted: ['10.0.0.0/8', 'fd00::/8'] };

describe('the address of a client', () => {
  it.each<[string, TrustedProxies, string, Record<string, string>, string]>([
    ['is the connection’s where no proxy is trusted', nobody, '10.0.0.1', { 'x-forwarded-for': '1.2.3.4' }, '10.0.0.1'],
    ['is what a trusted proxy saw', balancers, '10.0.0.1', { 'x-forwarded-for': '1.2.3.4' }, '1.2.3.4'],
    [
      'is never what the client wrote itself',
      balancers,
      '10.0.0.1',
      { 'x-forwarded-for': '6.6.6.6, 1.2.3.4' },
      '1.2.3.4',
    ],
    [
      'is not a trusted address that the client wrote',
      balancers,
      '10.0.0.1',
      { 'x-forwarded-for': '10.0.0.9, 1.2.3.4' },
      '1.2.3.4',
    ],
    [
      'is found behind several trusted proxies',
      balancers,
      '10.0.0.1',
      { 'x-forwarded-for': '1.2.3.4, 10.0.0.2' },
      '1.2.3.4',
    ],
    ['is the connection’s when that is not trusted', balancers, '1.1.1.1', { 'x-forwarded-for': '1.2.3.4' }, '1.1.1.1'],
    ['is the last known one before nonsense', balancers, '10.0.0.1', { 'x-forwarded-for': '1.2.3.4, x' }, '10.0.0.1'],
    ['is the proxy’s when it tells nothing', balancers, '10.0.0.1', {}, '10.0.0.1'],
    [
      'is read through a number of hops',
      { ...nobody, hops: 2 },
      '5.5.5.5',
      { 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 7.7.7.7' },
      '1.2.3.4',
    ],
    ['comes from the one header that proxies set', balancers, '10.0.0.1', { forwarded: 'for=6.6.6.6' }, '10.0.0.1'],
    [
      'is read from Forwarded',
      { ...balancers, header: 'forwarded' },
      '10.0.0.1',
      { forwarded: 'for=6.6.6.6;proto=http, For="[2001:db8::1]:4711";by=x' },
      '2001:db8::1',
    ],
    [
      'is not read from X-Forwarded-For where Forwarded is set',
      { ...balancers, header: 'forwarded' },
      '10.0.0.1',
      { 'x-forwarded-for': '6.6.6.6' },
      '10.0.0.1',
    ],
    [
      'has one spelling when IPv4 is mapped into IPv6',
      balancers,
      '::ffff:10.0.0.1',
      { 'x-forwarded-for': '::ffff:1.2.3.4' },
      '1.2.3.4',
    ],
    ['loses its port', balancers, 'fd00::1', { 'x-forwarded-for': '1.2.3.4:5678' }, '1.2.3.4'],
  ])('%s', (_, proxies, connection, headers, address) => {
    expect(clientAddress(proxies)(from(connection, headers))).toBe(address);
  });

  it('counts as its /64 where it is IPv6', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::1')).toBe(networkOf('2001:db8:1:2:ffff::'));
    expect(networkOf('1.2.3.4')).toBe('1.2.3.4');
  });
});

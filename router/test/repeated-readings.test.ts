import { describe, expect, it } from '@jest/globals';
import { Unauthenticated } from '@platform/foundation/errors';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { eventually } from '@platform/testkit';
import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { JwksCache } from '../src/authentication/jwks-cache.js';
import { RefreshMetrics } from '../src/authentication/refresh-metrics.js';
import { observeReading, type Reading } from '../src/authentication/repeated-reading.js';
import { SessionMonitor } from '../src/subscriptions/session-monitor.js';

function observed(reading: Reading) {
  const lines: { msg: string; reading: string; err?: { message: string } }[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) };
  const metrics = new Metrics();
  const logger = createLogger({ level: 'info', format: 'json' }, { destination });
  const failures = async () => (await metrics.of(RefreshMetrics).failures.get()).values[0]?.value ?? 0;
  return { lines, failures, observer: observeReading(reading, { logger, metrics }) };
}

const away = 'the issuer is away';
const expectOneOutage = (lines: ReturnType<typeof observed>['lines'], reading: Reading) =>
  expect(lines).toEqual([
    expect.objectContaining({ reading, err: expect.objectContaining({ message: away }) }),
    expect.objectContaining({ reading, msg: 'refresh recovered' }),
  ]);

describe('readings that fail while the last ones stay in force', () => {
  it('are counted each, and logged once with their cause until they succeed again: signing keys', async () => {
    const { publicKey } = await generateKeyPair('ES256');
    const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] };
    const { lines, failures, observer } = observed('signing_keys');
    let up = true;
    const source = async () => (up ? jwks : Promise.reject(new Error(away)));
    const keys = new JwksCache(source, 60_000, undefined, observer);
    expect(await keys.publishes('k', '1')).toBe(true);
    up = false;
    for (const version of ['2', '3', '4']) await expect(keys.publishes('k', version)).rejects.toThrow(away);
    expect(await failures()).toBe(3);
    up = true;
    expect(await keys.publishes('k', '5')).toBe(true);
    expectOneOutage(lines, 'signing_keys');
  });

  it.each(['revocations', 'callers'])('and so when streams are checked, of %s', async (failing) => {
    const { lines, failures, observer } = observed('session_changes');
    let up = false;
    const ended = new Unauthenticated('The session has ended.');
    const answer = async <T>(what: string, value: T): Promise<T> => {
      if (!up && what === failing) throw new Error(away);
      return value;
    };
    const watch = new SessionMonitor(
      { resolve: () => answer('callers', null).then(() => Promise.reject(ended)) },
      {
        read: async (names: readonly string[]) =>
          answer(
            'revocations',
            names.map(() => '1'),
          ),
        bump: async () => {},
      } as never,
      5,
      observer,
    );
    const told: unknown[] = [];
    const stop = watch.watch({ claims: null, organization: undefined, tenantId: 'a' }, (now) => told.push(now));
    await eventually(async () => expect(await failures()).toBeGreaterThan(2));
    expect(told).toEqual([]);
    up = true;
    await eventually(() => expect(lines).toHaveLength(2));
    stop();
    expect(told).toEqual([ended]);
    expectOneOutage(lines, 'session_changes');
  });
});

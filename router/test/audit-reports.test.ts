import { generateKeyPairSync } from 'node:crypto';
import { CallerTokenSigner, NO_ORGANIZATION } from '@platform/auth';
import { createLogger, requestContext } from '@platform/foundation/logging';
import type { SubgraphRequest } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import { eventually } from '@platform/testkit';
import { decodeJwt } from 'jose';
import { AuditReports, FIELDS_REFUSED } from '../src/audit-reports/index.js';

const DEFAULT = crypto.randomUUID();
const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });

describe('what callers are refused', () => {
  let told: { input: Record<string, unknown>; headers: Record<string, string> }[];
  let denials: AuditReports;
  let away = false;
  let untold = 0;

  beforeEach(() => {
    told = [];
    away = false;
    untold = 0;
    const audit = {
      execute: async ({ variables }: SubgraphRequest, headers: Record<string, string>) => {
        if (away) throw new Error('nobody there');
        told.push({ input: (variables as { input: Record<string, unknown> }).input, headers });
        return { data: { recordAuditEntry: { id: '1' } } };
      },
    };
    const tokens = new CallerTokenSigner(JSON.stringify(jwk), 60_000);
    const logger = createLogger({ level: 'silent', format: 'json' });
    const onUntold = (count: number) => {
      untold += count;
    };
    const options = { kind: FIELDS_REFUSED, tenantId: DEFAULT, interval: 20, maxEntries: 3, onUntold };
    denials = new AuditReports(() => audit, tokens, options, logger);
  });
  afterEach(() => denials.stop());

  const refused = (userId: string, field: string) =>
    requestContext.run({ requestId: `request of ${userId}`, userId, clientIp: '203.0.113.7', userAgent: 'curl' }, () =>
      denials.add([field]),
    );

  it('is told with who was refused what, in which request', async () => {
    refused('ann', 'users.email');
    await eventually(() => expect(told).toHaveLength(1));
    expect(told[0]).toMatchObject({
      input: {
        action: 'platform.authorization.denied',
        resource: 'field',
        resourceId: 'users.email',
        outcome: 'DENIED',
        actorId: 'ann',
        ipAddress: '203.0.113.7',
        userAgent: 'curl',
        metadata: { fields: ['users.email'], times: 1 },
      },
      headers: { 'x-request-id': 'request of ann', [CALLER_TOKEN_HEADER]: expect.any(String) },
    });
  });

  it('is told to the tenant of whoever was refused, also where one person is in two', async () => {
    const tenants = [crypto.randomUUID(), crypto.randomUUID()];
    for (const tenantId of tenants)
      requestContext.run({ requestId: 'r', userId: 'ann', tenantId }, () => denials.add(['users.email']));
    await eventually(() => expect(told).toHaveLength(2));
    const tenantOf = ({ headers }: { headers: Record<string, string> }) =>
      decodeJwt(headers[CALLER_TOKEN_HEADER] as string)['tid'];
    expect(told.map(tenantOf)).toEqual(tenants);
  });

  it('is told to the default organization, of whoever acts in none', async () => {
    const tenantId = NO_ORGANIZATION;
    requestContext.run({ requestId: 'r', userId: 'ann', tenantId }, () => denials.add(['users.email']));
    await eventually(() => expect(told).toHaveLength(1));
    expect(decodeJwt(told[0]?.headers[CALLER_TOKEN_HEADER] as string)['tid']).toBe(DEFAULT);
  });

  it('again is one entry, and much else is a number', async () => {
    for (let time = 0; time < 100; time += 1) refused('ann', 'auditEntries');
    for (let user = 0; user < 50; user += 1) refused(`user ${user}`, 'auditEntries');
    await eventually(() => expect(told).toHaveLength(4));
    expect(told.map(({ input }) => input['metadata'])).toEqual([
      { fields: ['auditEntries'], times: 100 },
      { fields: ['auditEntries'], times: 1 },
      { fields: ['auditEntries'], times: 1 },
      { untold: 48 },
    ]);
  });

  it('of one who is refused much crowds out nobody else, and what is left out is counted', async () => {
    for (let field = 0; field < 100; field += 1) refused('noisy', `users.field${field}`);
    refused('insider', 'auditEntries');
    await eventually(() => expect(told).toHaveLength(4));
    expect(told.map(({ input }) => input['actorId'])).toEqual(['noisy', 'noisy', 'insider', undefined]);
    expect(told[3]?.input['metadata']).toEqual({ untold: 98 });
    expect(untold).toBe(98);
  });

  it('anonymously leaves room for who signed in', async () => {
    for (let network = 0; network < 50; network += 1) {
      requestContext.run({ requestId: 'r', clientIp: `203.0.113.${network}` }, () => denials.add(['users']));
    }
    refused('insider', 'auditEntries');
    await eventually(() => expect(told).toHaveLength(5));
    expect(told.map(({ input }) => input['actorId'])).toContain('insider');
  });

  it('holds nobody up when the log is away', async () => {
    away = true;
    refused('ann', 'auditEntries');
    await denials.stop();
    away = false;
    refused('ann', 'auditEntries');
    await denials.stop();
    expect(told).toHaveLength(1);
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { CALLER_TOKEN_HEADER, CallerTokenSigner } from '@platform/kernel/auth';
import type { SubgraphRequest } from '@platform/kernel/endpoints';
import { createLogger, requestContext } from '@platform/kernel/logging';
import { eventually } from '@platform/testkit';
import { Denials } from '../src/denials/index.js';

const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const refusal = (...path: (string | number)[]) => ({ message: 'refused', path });

describe('denials', () => {
  let told: { input: Record<string, unknown>; headers: Record<string, string> }[];
  let denials: Denials;
  let away = false;

  beforeEach(() => {
    told = [];
    away = false;
    const audit = {
      execute: async ({ variables }: SubgraphRequest, headers: Record<string, string>) => {
        if (away) throw new Error('nobody there');
        told.push({ input: (variables as { input: Record<string, unknown> }).input, headers });
        return { data: { recordAuditEntry: { id: '1' } } };
      },
    };
    const tokens = new CallerTokenSigner(JSON.stringify(jwk), 60_000);
    const logger = createLogger({ level: 'silent', format: 'json' });
    denials = new Denials(() => audit, tokens, { tenantId: crypto.randomUUID(), interval: 20, most: 3 }, logger);
  });
  afterEach(() => denials.stop());

  const refused = (userId: string, ...path: (string | number)[]) =>
    requestContext.run({ requestId: `request of ${userId}`, userId, clientIp: '203.0.113.7', userAgent: 'curl' }, () =>
      denials.add([refusal(...path)]),
    );

  it('are told with who was refused what, in which request', async () => {
    refused('ann', 'users', 0, 'email');
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

  it('that repeat are one entry, and many others are a number', async () => {
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

  it('hold nobody up when the log is away', async () => {
    away = true;
    refused('ann', 'auditEntries');
    await denials.stop();
    away = false;
    refused('ann', 'auditEntries');
    await denials.stop();
    expect(told).toHaveLength(1);
  });
});

import { createHash, randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import { userLocked } from '@platform/contracts';
import { useSubgraph } from '@platform/testkit';
import { ENTRIES, ENTRY, RECORD } from './operations.js';

/** RFC 8785 by its own rules: sorted names, no white space, JSON's own numbers and strings. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

const without = (metadata: Record<string, unknown>, members: readonly string[]) =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => !members.includes(name)));

describe('leafHash', () => {
  const harness = useSubgraph(audit);

  it('can be recomputed from what is answered', async () => {
    const service = harness.asService('reports', ['audit.entry.record', 'audit.entry.read']);
    const inputs = [
      {
        action: 'a.b',
        resource: 'c',
        metadata: { z: 1, a: [1.5, 1e21, -0, null, true], é: '"\n€😀', nested: { b: {}, a: '' } },
      },
      {
        action: 'a.b',
        resource: 'c',
        resourceId: randomUUID(),
        actorId: randomUUID(),
        ipAddress: '::1',
        userAgent: 'x',
        metadata: 1e-7,
      },
      { action: 'a.b', resource: 'c', serviceAccountId: randomUUID(), metadata: { apiKeyId: randomUUID() } },
      { action: 'a.b', resource: 'c', occurredAt: new Date(Date.now() - 1_000).toISOString(), outcome: 'FAILED' },
    ];
    for (const input of inputs) await service.data(RECORD, { input });
    const userId = randomUUID();
    await harness.deliver(userLocked, { subject: userId, data: { userId, reason: '"called"\nus é names' } });

    const { auditEntries } = await service.data(ENTRIES);
    expect(auditEntries.nodes).toHaveLength(5);
    expect(auditEntries.nodes.map(({ sealed }: { sealed: unknown }) => sealed !== null)).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
    for (const { leafHash, actor, serviceAccount, sealed, erased, ...answered } of auditEntries.nodes) {
      const leaf = canonical({
        ...answered,
        actorId: actor?.id ?? null,
        ...(serviceAccount && { serviceAccountId: serviceAccount.id }),
        ...(sealed && { sealed }),
        ...(sealed?.all && { ipAddress: null, userAgent: null, metadata: null }),
        ...(sealed?.origin && { ipAddress: null, userAgent: null }),
        ...(sealed?.metadata && { metadata: null }),
        ...(sealed?.details && { metadata: without(answered.metadata, sealed.details.members) }),
      });
      expect(createHash('sha256').update('\0').update(leaf).digest('hex')).toBe(leafHash);
      expect((await service.data(ENTRY, { id: answered.id })).auditEntry.leafHash).toBe(leafHash);
    }
  });
});

import { randomUUID } from 'node:crypto';
import { audit } from '@platform/audit';
import { loginFailed, postCreated, roleAssigned, userLoggedIn } from '@platform/contracts';
import { defineEvent } from '@platform/events';
import { useSubgraph } from '@platform/testkit';
import { z } from 'zod';
import { ENTRIES, ENTRY } from './operations.js';

describe('the feed from the platform’s events', () => {
  const harness = useSubgraph(audit);
  const auditor = () => harness.asUser(randomUUID(), ['audit.entry.read']);
  const entry = async (id: string) => (await auditor().data(ENTRY, { id })).auditEntry;

  it('records who did what to what, from where and in which request', async () => {
    const [id, actor, postId] = [randomUUID(), randomUUID(), randomUUID()];
    await harness.deliver(postCreated, {
      id,
      subject: postId,
      actor,
      requestid: 'request-1',
      clientip: '203.0.113.7',
      useragent: 'curl/8',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      time: '2026-01-31T12:00:00.123Z',
      data: { postId, authorId: actor },
    });

    expect(await entry(id)).toMatchObject({
      id,
      actor: { id: actor },
      action: 'blog.post.created',
      resource: 'post',
      resourceId: postId,
      outcome: 'SUCCESS',
      ipAddress: '203.0.113.7',
      userAgent: 'curl/8',
      requestId: 'request-1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      metadata: { postId, authorId: actor },
      occurredAt: '2026-01-31T12:00:00.123Z',
    });
  });

  it('records the service account and the API key by which a program acted', async () => {
    const [id, serviceAccountId, apiKeyId, roleId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const data = { userId: randomUUID(), roleId, name: 'editor' };
    const machine = { serviceaccountid: serviceAccountId, apikeyid: apiKeyId };
    await harness.deliver(roleAssigned, { id, subject: roleId, data, ...machine });
    expect(await entry(id)).toMatchObject({
      actor: null,
      serviceAccount: { id: serviceAccountId },
      metadata: { ...data, apiKeyId },
    });
  });

  it('records a failed login without an actor, and of an unknown account without a resource id', async () => {
    const [known, unknown, userId] = [randomUUID(), randomUUID(), randomUUID()];
    await harness.deliver(loginFailed, { id: known, subject: userId, data: { userId, reason: 'password' } });
    await harness.deliver(loginFailed, { id: unknown, subject: 'unknown', data: { userId: null, reason: 'unknown' } });

    expect(await entry(known)).toMatchObject({ outcome: 'FAILED', actor: null, resourceId: userId });
    expect(await entry(unknown)).toMatchObject({ outcome: 'FAILED', actor: null, resourceId: null });
  });

  it('records an event once however often it is delivered', async () => {
    const [id, userId, roleId] = [randomUUID(), randomUUID(), randomUUID()];
    const event = { id, subject: roleId, data: { userId, roleId, name: 'editor' } };
    await Promise.all(Array.from({ length: 5 }, () => harness.deliver(roleAssigned, event)));
    await harness.deliver(roleAssigned, event);

    const { auditEntries } = await auditor().data(ENTRIES, { filter: { resourceId: roleId } });
    expect(auditEntries.totalCount).toBe(1);
  });

  it('keeps secrets and what PostgreSQL cannot hold out of the metadata', async () => {
    const id = randomUUID();
    const careless = defineEvent({ type: 'test.careless', resource: 'thing', data: z.unknown() });
    const data = { kept: 1, password: 'a', nested: [{ refreshToken: 'b', apiKey: 'c', text: 'nul \0 and \ud800' }] };
    await harness.deliver(careless, { id, subject: 'thing-1', data });

    expect((await entry(id)).metadata).toEqual({ kept: 1, nested: [{ text: 'nul \ufffd and \ufffd' }] });
  });

  it('numbers entries without gaps while many are recorded at once', async () => {
    const events = Array.from({ length: 40 }, () => {
      const userId = randomUUID();
      return { subject: userId, data: { userId, sessionId: randomUUID() } };
    });
    await Promise.all(events.map((event) => harness.deliver(userLoggedIn, event)));

    const rows = await harness.sql('SELECT sequence, recorded_at FROM audit_entry ORDER BY sequence');
    expect(rows.map(({ sequence }) => Number(sequence))).toEqual(rows.map((_, index) => index));
    expect(rows.map(({ recorded_at }) => recorded_at)).toEqual(
      rows.map(({ recorded_at }) => recorded_at).toSorted((a, b) => a - b),
    );
    expect(rows.length).toBeGreaterThanOrEqual(40);
  });
});

describe('audit.exclude', () => {
  const harness = useSubgraph(audit, { set: ['audit.exclude=blog.,platform.user.logged_in'] });

  it('leaves out the named events and those with a named prefix', async () => {
    const [userId, postId, roleId] = [randomUUID(), randomUUID(), randomUUID()];
    await harness.deliver(userLoggedIn, { subject: userId, data: { userId, sessionId: randomUUID() } });
    await harness.deliver(postCreated, { subject: postId, data: { postId, authorId: userId } });
    await harness.deliver(roleAssigned, { subject: roleId, data: { userId, roleId, name: 'editor' } });

    const { auditEntries } = await harness.asUser(userId, ['audit.entry.read']).data(ENTRIES);
    expect(auditEntries.nodes.map(({ action }: { action: string }) => action)).toEqual(['platform.role.assigned']);
  });
});

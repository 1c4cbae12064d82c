import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ErrorBus, sentrySink } from '@platform/foundation/errors';
import { requestContext } from '@platform/foundation/logging';

describe('the Sentry sink', () => {
  let server: Server;
  let received: string[];

  beforeEach(async () => {
    received = [];
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push(body);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => server.close());

  const sink = () =>
    sentrySink(`http://key@127.0.0.1:${(server.address() as AddressInfo).port}/1`, {
      environment: 'test',
      release: '1.2.3',
    });

  it('reports the failure with its request, user, tenant and module, and without secrets', async () => {
    const errors = new ErrorBus().addSink(sink());
    const context = { requestId: 'request-1', userId: 'user-1', tenantId: 'tenant-1', module: 'blog' };

    requestContext.run(context, () => errors.publish(new TypeError('refused "password":"hunter2hunter2"')));
    await errors.flush();

    expect(received).toHaveLength(1);
    const event = JSON.parse(received[0]?.split('\n')[2] as string);
    expect(event).toMatchObject({
      environment: 'test',
      release: '1.2.3',
      user: { id: 'user-1' },
      tags: { requestId: 'request-1', tenantId: 'tenant-1', module: 'blog' },
      exception: { values: [{ type: 'TypeError', stacktrace: { frames: expect.any(Array) } }] },
    });
    expect(received[0]).not.toContain('hunter2');
  });

  it('harms nobody while Sentry is away', async () => {
    const errors = new ErrorBus().addSink(sink());
    server.close();
    errors.publish(new Error('unheard'));
    await errors.flush();
    expect(received).toEqual([]);
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Report } from '@apollo/usage-reporting-protobuf';

/** What a router may tell of Apollo Studio's two endpoints: it keeps the usage reports, and publishes a supergraph. */
export class RecordingStudio {
  readonly reports: Report[] = [];
  readonly keys: (string | undefined)[] = [];
  /** What Uplink answers from now on; without one it is away. */
  published: { id: string; sdl: string } | undefined;
  polls = 0;
  /** How many reports began to come, and how long it takes to read one, in ms. */
  begun = 0;
  slowness = 0;

  private constructor(private readonly server: Server) {
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      response.setHeader('content-type', 'application/json');
      if (request.url === '/api/ingress/traces') {
        this.begun += 1;
        await wait(this.slowness);
        if (response.destroyed) return;
        this.keys.push(request.headers['x-api-key'] as string);
        this.reports.push(Report.decode(gunzipSync(body)));
        return response.end('{}');
      }
      this.polls += 1;
      response.statusCode = this.published ? 200 : 503;
      return response.end(JSON.stringify({ data: { routerConfig: this.routerConfig(JSON.parse(body.toString())) } }));
    });
  }

  static async start(): Promise<RecordingStudio> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RecordingStudio(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything that was reported of the operation whose key begins so. */
  reported(key: string) {
    return this.reports.flatMap(({ tracesPerQuery }) =>
      Object.entries(tracesPerQuery)
        .filter(([name]) => name.startsWith(key))
        .map(([, reported]) => reported),
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private routerConfig({ variables }: { variables: { ifAfterId?: string } }) {
    if (!this.published || variables.ifAfterId === this.published.id) {
      return { __typename: 'Unchanged', id: this.published?.id, minDelaySeconds: 0.2 };
    }
    const { id, sdl } = this.published;
    return { __typename: 'RouterConfigResult', id, supergraphSdl: sdl, minDelaySeconds: 0.2, messages: [] };
  }
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';

/** A subgraph in a few lines, as anybody may write one: no part of the platform is in it. */
export class TinySubgraph {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param sdl what it answers, federation's own fields included. @param rootValue resolvers of the root fields. */
  static async start(sdl: string, rootValue: Record<string, unknown>): Promise<TinySubgraph> {
    const schema = buildSchema(sdl);
    const server = createServer(async (request, response) => {
      const { query, variables } = JSON.parse(await text(request));
      const answer = await graphql({ schema, source: query, variableValues: variables, rootValue });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new TinySubgraph(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

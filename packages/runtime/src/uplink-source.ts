import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperatorError } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { SupergraphSource } from '@platform/router';

interface UplinkOptions {
  readonly key: string;
  readonly graphRef: string;
  /** Empty: Apollo's own. */
  readonly endpoints: readonly string[];
  /** Where the last good supergraph is kept, for a start while Uplink is away. */
  readonly keptIn: string;
  readonly logger: Logger;
}

/** Uplink cannot be reached, and nothing is kept from before. */
class NoSupergraph extends OperatorError {}

/** The supergraph that Apollo Studio publishes for a graph (managed federation), polled by Apollo's own manager. */
export class UplinkSource implements SupergraphSource {
  readonly files = [];
  readonly foreign = true;
  private current: string | undefined;
  private onChange: () => void = () => undefined;
  private cleanup: (() => Promise<void>) | undefined;

  constructor(private readonly options: UplinkOptions) {}

  async read(): Promise<string> {
    this.current ??= await this.begin();
    return this.current;
  }

  follow(onChange: () => void): LifecycleComponent {
    return {
      name: 'uplink',
      start: async () => {
        this.onChange = onChange;
      },
      stop: async () => void (await this.cleanup?.()),
    };
  }

  /** @throws NoSupergraph */
  private async begin(): Promise<string> {
    const { key, graphRef, endpoints, logger } = this.options;
    // The gateway weighs 40 MB and is wanted by nobody else.
    const { UplinkSupergraphManager } = await import('@apollo/gateway');
    const manager = new UplinkSupergraphManager({
      apiKey: key,
      graphRef,
      logger,
      initialMaxRetries: 2,
      ...(endpoints.length > 0 && { uplinkEndpoints: [...endpoints] }),
      onFailureToFetchSupergraphSdlDuringInit: async ({ error }) => this.kept(error),
    });
    const { supergraphSdl, cleanup } = await manager.initialize({
      update: (sdl) => void this.take(sdl).then(() => this.onChange()),
      healthCheck: async () => undefined,
      getDataSource: () => {
        throw new Error('A source of supergraphs has no data sources');
      },
    });
    this.cleanup = cleanup;
    await this.take(supergraphSdl);
    return supergraphSdl;
  }

  private async kept(reason: Error): Promise<string> {
    const { keptIn, graphRef, logger } = this.options;
    try {
      const sdl = await readFile(keptIn, 'utf8');
      logger.warn({ reason: reason.message, file: keptIn }, 'uplink unavailable; using stored supergraph');
      return sdl;
    } catch {
      throw new NoSupergraph(
        `Uplink has no supergraph for ${graphRef} (${reason.message}), and none is kept in ${keptIn}`,
      );
    }
  }

  private async take(sdl: string): Promise<void> {
    const { keptIn, logger } = this.options;
    this.current = sdl;
    try {
      await mkdir(dirname(keptIn), { recursive: true });
      await writeFile(`${keptIn}.next`, sdl);
      await rename(`${keptIn}.next`, keptIn);
    } catch (error) {
      logger.warn({ err: error, file: keptIn }, 'supergraph store failed; next start needs uplink');
    }
  }
}

/** The Uplink that the configuration asks for; undefined where supergraphs come from elsewhere. */
export function uplinkSource(
  { apollo, directory }: { apollo: ApolloSettings; directory: string },
  logger: Logger,
): UplinkSource | undefined {
  const { key, graphRef, managedFederation, uplinkEndpoints } = apollo;
  if (!managedFederation) return undefined;
  if (key === null || graphRef === null)
    throw new NoSupergraph('apollo.managedFederation needs APOLLO_KEY and APOLLO_GRAPH_REF');
  const keptIn = `${directory}/uplink/${encodeURIComponent(graphRef)}.graphql`;
  return new UplinkSource({ key, graphRef, endpoints: uplinkEndpoints, keptIn, logger });
}

export interface ApolloSettings {
  readonly key: string | null;
  readonly graphRef: string | null;
  readonly managedFederation: boolean;
  readonly uplinkEndpoints: readonly string[];
}

import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GraphQLClient, PlatformProcess } from '@platform/testkit';

interface StandaloneOptions {
  readonly sdl: string;
  /** The text of its configuration file; without one it has none. */
  readonly config?: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
}

/** `platformctl router` on a supergraph of the test, in a folder of its own. */
export class StandAloneRouter {
  private constructor(
    readonly process: PlatformProcess,
    readonly url: string,
    readonly directory: string,
  ) {}

  static async start({ sdl, config, env = {}, args = [] }: StandaloneOptions): Promise<StandAloneRouter> {
    const directory = await mkdtemp(join(tmpdir(), 'router-'));
    await writeFile(join(directory, 'supergraph.graphql'), sdl);
    if (config !== undefined) await writeFile(join(directory, 'router.yaml'), config);
    const process = PlatformProcess.start(
      [
        'router',
        ...['--supergraph', join(directory, 'supergraph.graphql'), '--port', '0'],
        ...(config === undefined ? [] : ['--config', join(directory, 'router.yaml')]),
        ...args,
      ],
      { LOGGING_FORMAT: 'json', ...env },
    );
    const [, url = ''] = await process.prints(/Listening on (http:[^"\s]+)/);
    return new StandAloneRouter(process, url, directory);
  }

  get client(): GraphQLClient {
    return new GraphQLClient(`${this.url}/graphql`);
  }

  /** What /ready says. */
  async readiness(): Promise<{ status: string; checks: Record<string, { status: string; reason?: string }> }> {
    return (await fetch(`${this.url}/ready`)).json() as never;
  }

  /** Puts another supergraph in the place of the one before, at once as `mv` does. */
  async replaceSupergraph(sdl: string): Promise<void> {
    await writeFile(join(this.directory, 'next'), sdl);
    await rename(join(this.directory, 'next'), join(this.directory, 'supergraph.graphql'));
  }

  async stop(): Promise<number | null> {
    const code = await this.process.end();
    await rm(this.directory, { recursive: true, force: true });
    return code;
  }
}

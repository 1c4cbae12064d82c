import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import { GraphQLClient, PlatformProcess } from '@platform/testkit';
import { mailedToken, Session } from './session.js';

export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' };

interface Launch {
  readonly set?: string[];
  readonly env?: Record<string, string>;
  /** Another checkout of the repository, that has been prepared; this one when left out. */
  readonly root?: string;
}

/** The embedded platform as `npm start` runs it, in a data directory of its own. */
export class EmbeddedPlatform {
  private constructor(
    readonly process: PlatformProcess,
    readonly url: string,
    readonly directory: string,
  ) {}

  /** @param directory the data of an earlier run; a new one when left out. */
  static async start({ directory, ...launch }: Launch & { directory?: string } = {}): Promise<EmbeddedPlatform> {
    const data = directory ?? (await EmbeddedPlatform.newDirectory());
    const process = EmbeddedPlatform.launch(data, launch);
    const [, url = ''] = await process.prints(/GraphQL and explorer\s+(http:\S+)\/graphql/, 60_000);
    return new EmbeddedPlatform(process, url, data);
  }

  /** A folder that also an unprivileged PostgreSQL can enter, so that nothing of it lives elsewhere. */
  static async newDirectory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'platform-e2e-'));
    await chmod(directory, 0o755);
    return directory;
  }

  /** Starts the process and waits for nothing. */
  static launch(directory: string, { set = [], env = {}, root = projectRoot() }: Launch = {}): PlatformProcess {
    const program = join(root, 'tools', 'platformctl', 'dist', 'main.js');
    const args = ['dev', ...set.flatMap((pair) => ['--set', pair])];
    const own = {
      PLATFORM_DATA_DIR: directory,
      SERVER_PORT: '0',
      SEED_ADMIN_EMAIL: ADMIN.email,
      SEED_ADMIN_PASSWORD: ADMIN.password,
      LOGGING_FORMAT: 'json',
      ...env,
    };
    return PlatformProcess.script(program, own, args);
  }

  get anonymous(): GraphQLClient {
    return new GraphQLClient(`${this.url}/graphql`);
  }

  /** Kills the platform, as a crash would, and starts it again on the same data. */
  async crashAndRestart(set?: string[]): Promise<EmbeddedPlatform> {
    await this.process.end('SIGKILL');
    return EmbeddedPlatform.start({ directory: this.directory, set });
  }

  async stop(): Promise<void> {
    await this.process.end();
    await rm(this.directory, { recursive: true, force: true });
  }

  mailedToken(to: string, page: string): Promise<string> {
    return mailedToken(this.url, to, page);
  }

  signIn(email: string, password: string): Promise<Session> {
    return Session.signIn(this.anonymous, email, password);
  }

  signInAsAdministrator(): Promise<Session> {
    return this.signIn(ADMIN.email, ADMIN.password);
  }

  /** A new user with a verified address, signed in. */
  signUp(email: string, password: string): Promise<Session> {
    return Session.signUp(this.url, this.anonymous, email, password);
  }
}

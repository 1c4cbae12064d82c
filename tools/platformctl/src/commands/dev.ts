import { describeConfig, loadConfig } from '@platform/foundation/config';
import { runUntilSignal } from '@platform/foundation/lifecycle';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { EmbeddedPlatform, type PlatformConfig, platformSections } from '../platform/embedded-platform.js';
import { orderedDefinitions } from '../platform/subgraphs.js';
import { welcome } from '../platform/welcome.js';

const DEFAULTS = 'config/default.yaml';

/** `platformctl dev`: the whole platform in this process, for a developer's machine. */
export const devCommand = (): Command =>
  new Command('dev')
    .description('run the whole platform in one process, with a PostgreSQL of its own')
    .addOption(setOption())
    .action(async ({ set }: SetOption) => {
      const read = () => configuration(set);
      const config = read();
      const platform = new EmbeddedPlatform(config, read);
      await runUntilSignal(platform, platform.logger, platform.errors, () => platform.reload());
      if (platform.seeding) print(welcome(originFor(config, platform.url), platform.seeding));
    });

/** Where people are sent: to the name that links in mails have, when it leads to the same port of this machine, so that a browser sees one origin. */
function originFor({ app }: PlatformConfig, listening: string): string {
  const [named, bound] = [new URL(app.publicUrl), new URL(listening)];
  const same = named.hostname === 'localhost' && named.port === bound.port && named.protocol === bound.protocol;
  return same ? named.origin : listening;
}

/** Links in mails lead to the port that the router listens on, unless `app.publicUrl` says where else. */
function configuration(set: string[]): PlatformConfig {
  const required = ['callerToken.privateKey'];
  const deployed = ['seed.adminEmail', ...orderedDefinitions().flatMap(({ needs = [] }) => needs)];
  const config = loadConfig(platformSections, { set, required, deployed });
  const { port } = config.server;
  const publicUrl = describeConfig(platformSections, { set }).find(({ key }) => key === 'app.publicUrl');
  if (!port || publicUrl?.source !== DEFAULTS) return config;
  return loadConfig(platformSections, { set: [`app.publicUrl=http://localhost:${port}`, ...set], required });
}

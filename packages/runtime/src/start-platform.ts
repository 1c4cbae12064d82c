import { describeConfig, loadConfig } from '@platform/foundation/config';
import { runUntilSignal } from '@platform/foundation/lifecycle';
import { EmbeddedPlatform, type PlatformConfig, platformSections } from './embedded-platform.js';
import type { Seeding } from './seed-administrator.js';
import { orderedDefinitions } from './subgraphs.js';

const DEFAULTS = 'config/default.yaml';

/** Runs the whole platform in this process, for a developer's machine. @param set `key=value`, over files and environment */
export async function startPlatform(
  set: string[],
): Promise<{ readonly url: string; readonly seeding: Seeding | undefined }> {
  const read = () => configuration(set);
  const config = read();
  const platform = new EmbeddedPlatform(config, read);
  await runUntilSignal(platform, platform.logger, platform.errors, () => platform.reload());
  return { url: originFor(config, platform.url), seeding: platform.seeding };
}

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

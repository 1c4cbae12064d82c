import { composeSupergraph } from '@platform/federation-engine/composition';
import { type Config, type DiscoveryConfig, loadConfig, processSections } from '@platform/foundation/config';
import { routerSections } from '@platform/router';
import { listedSchemas } from '@platform/runtime/listed-schemas';

const sections = { ...processSections, ...routerSections };

/** The configuration that checks go by. It needs no secrets: nothing is started. */
export const checkConfig = (set: readonly string[]): Config<typeof sections> =>
  loadConfig(sections, { environment: 'development', set: [...set] });

/** What the listed schema files compose to, by the URLs of the list. @throws CompositionFailed */
export const composeCurrent = (discovery: DiscoveryConfig): string =>
  composeSupergraph(listedSchemas({ ...discovery, routingUrls: {} })).sdl;

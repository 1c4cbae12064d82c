import { loadSupergraph, type Supergraph } from '@platform/federation-engine';
import { InvalidConfig } from '@platform/foundation/config';
import { connectionMistakes, urlMistakes } from '@platform/subgraph-client/balancing';
import { unknownNames } from '../subgraph-names.js';
import type { StandaloneConfig } from './config.js';

/**
 * @param first whether the router starts with it: names of subgraphs that a later supergraph has left out are no reason to refuse it.
 * @throws InvalidConfig with everything by which subgraphs cannot be reached, or that is about none of them.
 */
export function checkSubgraphs(
  { router, discovery }: StandaloneConfig,
  { subgraphs }: Supergraph,
  first: boolean,
): void {
  const targets = targetsOf(router, subgraphs);
  const mistakes = first
    ? [...connectionMistakes(discovery, targets), ...namesOfNone(router, targets)]
    : targets.flatMap(urlMistakes);
  if (mistakes.length > 0) throw new InvalidConfig(mistakes);
}

/** The same for a configuration with other mistakes, so that all are told at once: as far as it can be understood. */
export function mistakesAboutSubgraphs(written: InvalidConfig['written'], sdl: string): string[] {
  const { router, discovery } = written as unknown as StandaloneConfig;
  const understood = <T>(read: () => T[]): T[] => {
    try {
      return read();
    } catch {
      return [];
    }
  };
  const targets = understood(() => targetsOf(router, loadSupergraph(sdl).subgraphs));
  if (targets.length === 0) return [];
  return [
    ...understood(() => connectionMistakes(discovery, targets)),
    ...understood(() => namesOfNone(router, targets)),
  ];
}

const targetsOf = ({ subgraphs: own }: StandaloneConfig['router'], subgraphs: Supergraph['subgraphs']) =>
  [...subgraphs.values()].map(({ name, url }) => {
    const instead = own[name]?.url;
    return instead === undefined
      ? { name, url, place: 'the supergraph' }
      : { name, url: instead, place: `router.subgraphs.${name}.url` };
  });

const namesOfNone = (router: StandaloneConfig['router'], targets: readonly { readonly name: string }[]): string[] =>
  unknownNames(
    router,
    targets.map(({ name }) => name),
    { 'router.subgraphs': router.subgraphs },
  );

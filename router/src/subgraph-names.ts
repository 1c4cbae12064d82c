import { unknownSubgraphs } from '@platform/subgraph-client/balancing';
import type { CommonRouterConfig } from './config.js';

/** A mistake for each name in a map by subgraph that none of these subgraphs has. */
export function unknownNames(
  { headers, traffic, cost, cache }: CommonRouterConfig,
  known: readonly string[],
  also: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): string[] {
  const ofPassed = Object.entries(headers.fromSubgraphs).map(([header, { subgraphs = [] }]) => [
    `router.headers.fromSubgraphs.${header}.subgraphs`,
    Object.fromEntries(subgraphs.map((name) => [name, true])),
  ]);
  return unknownSubgraphs(known, {
    ...also,
    'router.headers.subgraphs': headers.subgraphs,
    'router.traffic.subgraphs': traffic.subgraphs,
    'router.cost.bySubgraph': cost.bySubgraph,
    'router.cache.subgraphs': cache.subgraphs,
    ...Object.fromEntries(ofPassed),
  });
}

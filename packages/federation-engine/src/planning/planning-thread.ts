import { parentPort, workerData } from 'node:worker_threads';
import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import type { PlanningSource, PlanRequest } from './planner.js';

// A thread of its own that makes one plan after another. It imports packages alone, so that it also runs from its source.
const { supergraph: text, config } = workerData as PlanningSource;
const supergraph = Supergraph.build(parse(text), {
  supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  validateSupergraph: false,
});
const planner = new QueryPlanner(supergraph, config);
const schema = supergraph.apiSchema();

parentPort?.on('message', ({ document, overrides }: PlanRequest) => {
  try {
    const operation = operationFromDocument(schema, parse(document));
    const plan = planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) });
    parentPort?.postMessage({ plan });
  } catch (error) {
    parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
});
parentPort?.postMessage('ready');

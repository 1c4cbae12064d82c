import { parentPort, workerData } from 'node:worker_threads';
import { operationFromDocument, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import { parse } from 'graphql';

/** What a planning thread is started with. */
export interface ThreadSource {
  readonly sdl: string;
  readonly config: QueryPlannerConfig;
}

/** A plan that is wanted, as it travels to a thread. */
export interface ThreadRequest {
  readonly document: string;
  readonly overrides: readonly (readonly [label: string, inEffect: boolean])[];
}

/** A plan, or why there is none. */
export type ThreadReply = { readonly plan: QueryPlan } | { readonly failure: string };

// A thread of its own that makes one plan after another. It imports packages alone, so that it also runs from its source.
const { sdl, config } = workerData as ThreadSource;
const supergraph = Supergraph.build(parse(sdl), {
  supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  validateSupergraph: false,
});
const planner = new QueryPlanner(supergraph, config);
const schema = supergraph.apiSchema();

parentPort?.on('message', ({ document, overrides }: ThreadRequest) => {
  try {
    const operation = operationFromDocument(schema, parse(document));
    const plan = planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) });
    reply({ plan });
  } catch (error) {
    reply({ failure: error instanceof Error ? error.message : String(error) });
  }
});

const reply = (message: ThreadReply): void => parentPort?.postMessage(message);

parentPort?.postMessage('ready');

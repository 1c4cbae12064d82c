import type { ErrorBus } from '@platform/kernel/errors';
import type { Logger } from '@platform/kernel/logging';
import type { Metrics } from '@platform/kernel/metrics';
import type { Callers } from './callers/caller-resolver.js';
import type { TokenVerifier } from './callers/token-verifier.js';
import type { Engine } from './engine/index.js';
import type { Stage } from './operation.js';
import { authenticate } from './stages/authenticate.js';
import { authorize } from './stages/authorize.js';
import { executePlan, type SubgraphHeaders } from './stages/execute-plan.js';
import { maskErrors } from './stages/mask-errors.js';
import { parse } from './stages/parse.js';
import { subscribe } from './stages/subscribe.js';
import { telemetry } from './stages/telemetry.js';
import { validate } from './stages/validate.js';
import type { Subscriptions } from './subscriptions/subscriptions.js';

export interface PipelineParts {
  readonly engine: Engine;
  /** Null where nobody signs in: then every caller is anonymous. */
  readonly tokens: TokenVerifier | null;
  readonly callers: Callers;
  readonly headers: SubgraphHeaders;
  readonly subscriptions: Subscriptions;
  readonly errors: ErrorBus;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** What happens to every operation, outermost first. Every transport runs this list. */
export const pipeline = ({
  engine,
  tokens,
  callers,
  headers,
  subscriptions,
  errors,
  metrics,
  logger,
}: PipelineParts): Stage[] => [
  telemetry(metrics, logger),
  maskErrors(errors),
  authenticate(tokens, callers),
  parse(engine),
  validate(engine),
  authorize(engine),
  subscribe(subscriptions),
  executePlan(engine, headers),
];

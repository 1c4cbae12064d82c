export { IdempotencyKeyInUse, IdempotencyKeyReused, IdempotentResultGone } from './errors.js';
export { idempotencyClearing } from './idempotency-clearing.js';
export {
  IDEMPOTENCY_KEY_HEADER,
  idempotencyKeyIn,
  KEY_RULE,
  OPERATION_HASH_HEADER,
  REPLAYED,
} from './idempotency-key.js';
export { currentMutation, IdempotentMutation, outsideMutation, runMutation } from './idempotent-mutation.js';
export { type IdempotentRequest, idempotentRequest } from './idempotent-request.js';
export { MAX_KEYS_PER_CALLER } from './recorded-steps.js';

export {
  IDEMPOTENCY_KEY_HEADER,
  idempotencyKeyIn,
  isOperationHash,
  KEY_RULE,
  OPERATION_HASH_HEADER,
  REPLAYED,
} from './idempotency-key.js';

export {
  currentBounds,
  expensive,
  holding,
  isExpensive,
  isHolding,
  RequestBounds,
  TIMEOUT_HEADER,
  timeoutOf,
  unbounded,
} from './request-bounds.js';

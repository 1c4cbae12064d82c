export {
  currentBounds,
  expensive,
  holding,
  isHolding,
  kindOfWork,
  RequestBounds,
  TIMEOUT_HEADER,
  timeoutOf,
  unbounded,
  waitingForOthers,
} from './request-bounds.js';

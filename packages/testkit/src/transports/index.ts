export {
  askOver,
  codesOf,
  type Received,
  type SentRequest,
  type TransportName,
  transportNames,
  transports,
} from './every-transport.js';
export { Canary, sendTarget, targetsThatAreNone } from './raw-requests.js';

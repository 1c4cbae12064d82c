export { type OutboundAnswer, outboundRequest } from './outbound-request.js';
export { type OutboundStream, outboundStream, type StreamOptions, streamOver } from './outbound-stream.js';
export { type RefusedNetworks, refusedNetworks } from './refused-networks.js';

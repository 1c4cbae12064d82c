export { type OutboundAnswer, type OutboundOptions, outboundRequest } from './outbound-request.js';
export { type OutboundStream, outboundStream, type StreamOptions, streamOver } from './outbound-stream.js';
export { NetworkRefused, type RefusedNetworks, refusedNetworks } from './refused-networks.js';

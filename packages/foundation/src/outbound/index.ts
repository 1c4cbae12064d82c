export { type DeniedNetworks, deniedNetworks } from './denied-networks.js';
export { type OutboundAnswer, outboundRequest } from './outbound-request.js';
export { type OutboundStream, outboundStream, type StreamOptions, streamOver } from './outbound-stream.js';

export { ReceivedStream } from './received-stream.js';
export { type StreamClientName, streamClientNames, streamClients } from './stream-clients.js';

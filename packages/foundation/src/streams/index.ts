export { Channel } from './channel.js';
export { filterMap, flatMap } from './filter-map.js';
export { HEARTBEAT, withHeartbeats } from './heartbeats.js';

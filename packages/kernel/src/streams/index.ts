export * from './channel.js';
export * from './filter-map.js';
export * from './heartbeats.js';

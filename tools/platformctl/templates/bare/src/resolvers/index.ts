export { InfoResolver } from './info.resolver.js';

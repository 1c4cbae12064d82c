export { ownConnection, withConnection } from './own-connection.js';

export { type LoginMethods, loginMethodsOf, proofsOf } from './login-methods.js';
export { RecentAuthentication } from './recent-authentication.js';

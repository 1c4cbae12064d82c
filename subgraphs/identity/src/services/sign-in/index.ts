export { type BegunSession, type LoginFailure, rejectionOf, type SecondStep, SignIn } from './sign-in.js';
export { type SignInServices, signInServices } from './sign-in-services.js';

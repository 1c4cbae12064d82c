export { LoginService } from './login.service.js';
export { PasskeyLoginService } from './passkey-login.service.js';
export { SecondStepService } from './second-step.service.js';
export { type BegunSession, type LoginFailure, rejectionOf, type SecondStep, SignIn } from './sign-in.js';

export { AuthPayload, LoginResult } from './auth-payload.js';
export {
  ChangePasswordInput,
  CreateUserInput,
  LoginInput,
  RegisterInput,
  ResetPasswordInput,
  UpdateProfileInput,
  UpdateUserInput,
} from './inputs.js';
export { RegisterPayload } from './register-payload.js';
export { SessionView } from './session-view.js';
export { UserFilterInput } from './user-filter-input.js';
export { UserConnection, UserView } from './user-view.js';

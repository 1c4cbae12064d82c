export { HeaderRules } from './header-rules.js';
export { headerName, headersOption } from './options.js';

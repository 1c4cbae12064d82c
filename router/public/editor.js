export const GREETING = '# Write an operation here,\n# or choose an example.\n';

/** How every explorer sets GraphiQL up. */
export const properties = {
  storage: sessionStorage, // variables may hold passwords and tokens: they go with the tab
  defaultEditorToolsVisibility: 'variables',
  isHeadersEditorEnabled: true,
  shouldPersistHeaders: false,
  forcedTheme: 'system',
};

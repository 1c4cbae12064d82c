// `npm test`: prepares the checkout and runs Jest on Node.js 24; arguments go to Jest.
// Suites that found a service missing are named at the end; with REQUIRE_ALL_SUITES=1 they are a failure.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node, prepare, root } from './prepare.mjs';

await prepare();

const folder = mkdtempSync(join(tmpdir(), 'platform-test-'));
const skippedFile = join(folder, 'skipped-suites');
const jest = spawn(
  node,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, PLATFORM_COMPILED: '1', TEST_SKIPPED_SUITES: skippedFile } },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => jest.kill(signal));

jest.once('close', (code) => {
  const skipped = skippedSuites();
  rmSync(folder, { recursive: true, force: true });
  if (skipped.length > 0) {
    console.error(`\n!!! ${skipped.length} suites were SKIPPED because a service is missing:`);
    for (const suite of skipped) console.error(`!!!   ${suite}`);
  }
  const incomplete = process.env.REQUIRE_ALL_SUITES === '1' && skipped.length > 0;
  process.exit(code === 0 && incomplete ? 1 : (code ?? 1));
});

function skippedSuites() {
  try {
    return readFileSync(skippedFile, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

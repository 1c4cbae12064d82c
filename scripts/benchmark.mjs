// `npm run benchmark [-- SECONDS ROUNDS NAME]`: prepares the checkout, installs the gateways that ours is measured beside,
// and measures. A peer that cannot be installed here is left out, and said so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { node, prepare, root } from './prepare.mjs';

await prepare();

for (const peer of ['benchmarks/peers', 'benchmarks/peers/hive']) {
  const cwd = join(root, peer);
  if (existsSync(join(cwd, 'node_modules'))) continue;
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) console.error(`${peer} cannot be installed: it is left out.`);
}

const { status } = spawnSync(node, [join(root, 'benchmarks/dist/gateway/main.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);

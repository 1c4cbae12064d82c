import { resolve } from 'node:path';
import { audit } from '@platform/audit';
import { noteSigner, readPrintedKey } from '@platform/audit/log';
import { type Verdict, verifyDatabase } from '@platform/audit/verification';
import { kernelSections, loadConfig } from '@platform/kernel/config';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';
import { keptCheckpoints } from '../platform/kept-checkpoints.js';
import { withAuditLog } from '../platform/with-audit-log.js';

interface VerifyOptions extends SetOption {
  readonly checkpoints: string[];
  readonly publicKey?: string;
}

/** `platformctl audit verify`: recomputes the whole log and names the first bad entry; exits 1 when there is one. */
export const auditVerifyCommand = (): Command =>
  new Command('verify')
    .description('recompute the audit log and hold it against every signed checkpoint')
    .option('--public-key <key>', "the log's public key (name+id+key); otherwise that of audit.signingKey")
    .option(
      '--checkpoints <path>',
      'a folder or a file of checkpoints that were kept elsewhere, such as by a witness (repeatable)',
      (path: string, previous: string[]) => [...previous, resolve(path)],
      [],
    )
    .addOption(setOption())
    .action(async ({ checkpoints, publicKey, set }: VerifyOptions) => {
      const config = loadConfig({ ...kernelSections, ...audit.sections }, { set });
      const { logName, signingKey } = config.audit;
      const verifier = publicKey ? readPrintedKey(publicKey) : noteSigner(logName, signingKey);
      const started = performance.now();
      const verdict = await withAuditLog(config, (client, logId) =>
        verifyDatabase(client, verifier, keptCheckpoints(config.platform.dataDir, logId, checkpoints)),
      );
      report(verdict, (performance.now() - started) / 1000);
    });

/** Prints what was found; the first line after the summary is the first bad entry. */
export function report({ entries, covered, checkpoints, findings }: Verdict, seconds: number): void {
  print(`${entries} entries and ${checkpoints} checkpoints read in ${seconds.toFixed(1)} s.`);
  if (findings.length === 0) {
    print(`The log is whole. Its first ${covered} entries are those that were signed.`);
    return;
  }
  process.exitCode = 1;
  const [first] = findings;
  print(`The log was TAMPERED with${first?.sequence == null ? '.' : `; the first bad entry is ${first.sequence}.`}`);
  for (const { message } of findings) print(`  - ${message}`);
}

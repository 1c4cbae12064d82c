import { join, resolve } from 'node:path';
import { audit } from '@platform/audit';
import { archivedRuns, verifyExport } from '@platform/audit/export';
import { type Verdict, verifyDatabase } from '@platform/audit/verification';
import { loadConfig, processSections } from '@platform/foundation/config';
import { withAuditLog } from '@platform/runtime/with-audit-log';
import { linesOf, type NoteVerifier, noteSigner, readPrintedKey } from '@platform/transparency-log';
import { Command } from 'commander';
import { storedCheckpoints } from '../audit/stored-checkpoints.js';
import { print, type SetOption, setOption } from '../options.js';

interface VerifyOptions extends SetOption {
  readonly checkpoints: string[];
  readonly export?: string;
  readonly publicKey: string[];
}

/** `platformctl audit verify`: recomputes the whole log and names the first bad entry; exits 1 when there is one. */
export const auditVerifyCommand = (): Command =>
  new Command('verify')
    .description('recompute the audit log and hold it against every signed checkpoint')
    .option('--export <file>', 'a JSON Lines export instead of the database; it needs the public key and nothing else')
    .option(
      '--public-key <key>',
      'a public key of the log (name+id+key); otherwise that of audit.signingKey (repeatable)',
      (key: string, previous: string[]) => [...previous, key],
      [],
    )
    .option(
      '--checkpoints <path>',
      'a folder or a file of checkpoints that were kept elsewhere, such as by a witness (repeatable)',
      (path: string, previous: string[]) => [...previous, resolve(path)],
      [],
    )
    .addOption(setOption())
    .action(async (options: VerifyOptions) => {
      const started = performance.now();
      const verdict = await (options.export === undefined ? online(options) : offline(options.export, options));
      report(verdict, (performance.now() - started) / 1000);
    });

function online({ checkpoints, publicKey, set }: VerifyOptions): Promise<Verdict> {
  const config = loadConfig({ ...processSections, ...audit.sections }, { set });
  return withAuditLog(config, (client, logId) =>
    verifyDatabase(
      client,
      trustedKeys(publicKey, set),
      storedCheckpoints(config.platform.dataDir, logId, checkpoints),
      () => archivedRuns(join(config.platform.dataDir, 'audit', logId, 'archive')),
    ),
  );
}

function offline(file: string, { publicKey, set }: VerifyOptions): Promise<Verdict> {
  return verifyExport(() => linesOf(file), trustedKeys(publicKey, set));
}

/** The keys that are given, or that of the configured log. */
function trustedKeys(given: readonly string[], set: string[]): [NoteVerifier, ...NoteVerifier[]] {
  const [first, ...others] = given.map(readPrintedKey);
  if (first) return [first, ...others];
  const { audit: own } = loadConfig(audit.sections, { set });
  return [noteSigner(own.logName, own.signingKey)];
}

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

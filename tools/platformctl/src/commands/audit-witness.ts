import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { readRequestTarget } from '@platform/foundation/http';
import {
  LogKeys,
  type NoteVerifier,
  noteSigner,
  printedKey,
  readPrintedKey,
  Witness,
} from '@platform/transparency-log';
import { Command } from 'commander';
import { readKeyFile } from '../audit/key-file.js';
import { print } from '../options.js';

interface WitnessOptions {
  readonly logKey: string[];
  readonly name: string;
  readonly key: string;
  readonly state: string;
  readonly port: string;
  readonly host: string;
}

const LARGEST_REQUEST = 64 * 1024;

/** `platformctl audit witness`: a witness of the log, best on a machine of somebody else's. */
export const auditWitnessCommand = (): Command =>
  new Command('witness')
    .description('cosign checkpoints that go on from the last one seen, and no others (C2SP tlog-witness)')
    .requiredOption(
      '--log-key <key>',
      "the log's public key (platformctl audit key); repeatable, as the log changes it",
      (key: string, previous: string[] = []) => [...previous, key],
    )
    .requiredOption('--state <file>', 'where the checkpoints are kept that it has seen')
    .requiredOption('--key <file>', "the witness's own key; made when there is none")
    .option('--name <name>', "the witness's name", 'localhost/witness')
    .option('--host <host>', 'the interface to listen on', '127.0.0.1')
    .option('--port <port>', 'the port to listen on', '4010')
    .action(async ({ logKey, name, key, state, port, host }: WitnessOptions) => {
      const signer = noteSigner(name, await readKeyFile(key), 'cosignature');
      const keys = logKey.map(readPrintedKey) as [NoteVerifier, ...NoteVerifier[]];
      const witness = await Witness.open(LogKeys.of(keys), signer, state);
      const server = createServer(async (request, response) => {
        const tooLarge = Number(request.headers['content-length'] ?? LARGEST_REQUEST + 1) > LARGEST_REQUEST;
        const target = readRequestTarget(request.url ?? '');
        if (request.method !== 'POST' || target?.path !== '/add-checkpoint' || tooLarge) {
          response.writeHead(target ? (tooLarge ? 413 : 404) : 400).end();
          return;
        }
        const { status, body } = await witness.addCheckpoint(await text(request), new Date());
        response.writeHead(status, { 'content-type': status === 409 ? 'text/x.tlog.size' : 'text/plain' }).end(body);
      });
      for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
      server.listen(Number(port), host, () => {
        const address = server.address();
        const listening = typeof address === 'object' && address ? address.port : port;
        print(`The witness ${printedKey(signer)} listens on http://${host}:${listening}`);
      });
    });

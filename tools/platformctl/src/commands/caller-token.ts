import { CallerTokenSigner, serviceCaller } from '@platform/auth';
import { duration, environmentName, loadConfig, processSections } from '@platform/foundation/config';
import { OperatorError } from '@platform/foundation/errors';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import { Command } from 'commander';
import { print, type SetOption, setOption } from '../options.js';

/** Whoever can make caller tokens can speak for anyone: a real installation has no command for it. */
class DevelopmentOnly extends OperatorError {
  constructor(environment: string) {
    super(`Caller tokens are printed in development and test alone, and this is ${environment}.`);
  }
}

interface CallerTokenOptions extends SetOption {
  readonly lifetime: string;
  readonly header?: boolean;
}

/** `platformctl caller-token <subgraph>`: what lets rover and curl speak to a subgraph. It is nobody's token: it holds no permission. */
export const callerTokenCommand = (): Command =>
  new Command('caller-token')
    .description('print a token that a subgraph in development answers to, for rover subgraph introspect')
    .argument('<subgraph>', 'the one that is to accept it')
    .option('--lifetime <duration>', 'how long it is good', '15m')
    .option('--header', `print it as the header that carries it, ${CALLER_TOKEN_HEADER}`)
    .addOption(setOption())
    .action(async (subgraph: string, { lifetime, header, set }: CallerTokenOptions) => {
      const environment = environmentName();
      if (environment !== 'development' && environment !== 'test') throw new DevelopmentOnly(environment);
      const { callerToken, platform } = loadConfig(processSections, { set });
      const signer = new CallerTokenSigner(callerToken.privateKey, duration.parse(lifetime));
      const token = await signer.sign(serviceCaller('platformctl', platform.tenantId), subgraph);
      print(header ? `${CALLER_TOKEN_HEADER}: ${token}` : token);
    });

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A target behind a service name (RFC 2782). */
export interface ServiceTarget {
  readonly priority: number;
  readonly host: string;
  readonly port: number;
}

const SRV = 33;
const NAME_ERROR = 3;

/** A DNS server on the loopback interface, which knows one kind of record: SRV. */
export class DnsServer {
  readonly records = new Map<string, readonly ServiceTarget[]>();
  private readonly socket: Socket = createSocket('udp4');

  /** Answers `address:port`, as `discovery.dnsServers` has it. */
  async start(): Promise<string> {
    this.socket.on('message', (query, { address, port }) => this.socket.send(this.answer(query), port, address));
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): void {
    this.socket.close();
  }

  /** RFC 1035, section 4: a header, the question again, and a record for each target. */
  private answer(query: Buffer): Buffer {
    const { name, end } = nameAt(query, 12);
    const question = query.subarray(12, end + 4);
    const known = query.readUInt16BE(end) === SRV ? this.records.get(name) : undefined;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8400 | (known ? 0 : NAME_ERROR), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(known?.length ?? 0, 6);
    return Buffer.concat([header, question, ...(known ?? []).map(serviceRecord)]);
  }
}

function nameAt(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function serviceRecord({ priority, host, port }: ServiceTarget): Buffer {
  const labels = host.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  const target = Buffer.concat([...labels, Buffer.from([0])]);
  const record = Buffer.alloc(18);
  record.writeUInt16BE(0xc00c, 0); // the name of the question
  record.writeUInt16BE(SRV, 2);
  record.writeUInt16BE(1, 4); // IN
  record.writeUInt16BE(6 + target.length, 10);
  record.writeUInt16BE(priority, 12);
  record.writeUInt16BE(port, 16);
  return Buffer.concat([record, target]);
}

import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { codesOf, type Received, type TransportName, transports } from '@platform/testkit';
import { WebSocket } from 'ws';
import type { Asked, HttpSent, Sent } from './attack.js';

/** What came back, as far as the transport tells it. */
export interface Got {
  readonly status?: number;
  readonly close?: number;
  readonly codes: readonly unknown[];
  readonly data?: unknown;
  /** Everything that came: headers, body, messages. */
  readonly text: string;
}

/** How a line of the table is sent: once, or once over each of its transports. */
export const waysOf = (sent: Sent): readonly TransportName[] | readonly ['as it is'] =>
  'ask' in sent ? sent.over : ['as it is'];

/** Sends a line of the table to a router. `transport` is for those that are GraphQL requests. */
export function send(sent: Sent, url: string, transport: TransportName, tokenOf: TokenOf): Promise<Got> {
  if ('ask' in sent) return ask(url, transport, sent.ask, tokenOf);
  if ('http' in sent) return http(url, sent.http);
  if ('bytes' in sent) return exchange(url, sent.bytes);
  return speak(url, sent);
}

type TokenOf = (subject: string) => Promise<string>;

/** Asks over a transport. Only POST and GET tell a status that is the operation's own. */
export async function ask(url: string, transport: TransportName, asked: Asked, tokenOf: TokenOf): Promise<Got> {
  const { as, headers, ...request } = asked;
  const signedIn = as !== undefined && { authorization: `Bearer ${await tokenOf(as)}` };
  const reply = await transports[transport](`${url}/graphql`, request, { ...headers, ...signedIn });
  const { status, headers: told, result } = reply;
  const own = transport === 'POST' || transport === 'GET';
  return { ...gotOf(result, [...(told ?? [])].join('\n')), ...(own && { status }) };
}

function http(url: string, { method = 'POST', path = '/graphql', headers = {}, body }: HttpSent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, method, headers, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const told = response.rawHeaders.join('\n');
      resolve({ ...gotOf(parsed(text), `${told}\n${text}`), status: response.statusCode });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Writes the bytes, and answers with what comes until the router ends the connection. */
function exchange(url: string, bytes: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket
      .on('data', (chunk) => (text += chunk))
      .on('end', () => {
        const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
        resolve({
          ...gotOf(parsed(text.slice(text.indexOf('\r\n\r\n'))), text),
          ...(status && { status: Number(status) }),
        });
        socket.destroy();
      })
      .on('error', reject);
  });
}

/** Opens a socket, says the messages, and listens until the router closes it, or has answered an operation. */
async function speak(url: string, { frames, origin, protocol }: Extract<Sent, { frames: unknown }>): Promise<Got> {
  const socket = new WebSocket(
    `${url.replace('http', 'ws')}/graphql`,
    protocol === null ? [] : 'graphql-transport-ws',
    { origin },
  );
  const heard: string[] = [];
  const ended = new Promise<number | undefined>((resolve) => {
    socket.on('message', (message) => {
      heard.push(String(message));
      if (/"type":"(complete|error)"/.test(String(message))) resolve(undefined);
    });
    socket.once('close', resolve);
    socket.once('error', (error) => resolve(Number(/\d{3}/.exec(error.message))));
  });
  const opened = await Promise.race([once(socket, 'open'), ended]);
  if (Array.isArray(opened)) {
    for (const frame of frames) {
      socket.send(frame);
      if (frame.includes('connection_init')) await Promise.race([once(socket, 'message'), ended]);
    }
  }
  const close = await ended;
  socket.terminate();
  const next = heard.map((text) => JSON.parse(text)).find(({ type }) => type === 'next' || type === 'error');
  const result = next?.type === 'error' ? { errors: next.payload } : next?.payload;
  return { ...gotOf(result ?? {}, heard.join('\n')), close };
}

function gotOf(result: Received, beside: string): Got {
  return { codes: codesOf(result), data: result.data, text: `${beside}\n${JSON.stringify(result)}` };
}

function parsed(text: string): Received {
  try {
    return JSON.parse(text) as Received;
  } catch {
    return {};
  }
}

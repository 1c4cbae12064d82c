import { z } from 'zod';

/** Headers that belong to one connection or one body: passing them on would break the request to the subgraph. */
const ofTheConnection =
  /^(host|connection|content-.*|transfer-encoding|upgrade|keep-alive|te|trailer|expect|accept|accept-encoding|proxy-.*)$/;

/** Headers that subgraphs believe, since the router alone makes them. */
const internal =
  /^(x-caller-token|x-nested-call|x-request-id|x-client-ip|x-timeout-ms|idempotency-key|x-operation-hash)$/;

/** Whether a header may go from the client to subgraphs. @param name in lower case. */
export const isPassable = (name: string): boolean => !ofTheConnection.test(name) && !internal.test(name);

const passable = (schema: z.ZodString) =>
  schema
    .transform((name) => name.toLowerCase())
    .refine((name) => !ofTheConnection.test(name), 'belongs to the connection and cannot be forwarded')
    .refine((name) => !internal.test(name), 'is made by the router alone');

/** The name of a header that may be passed on, in lower case. */
export const headerName = passable(z.string().regex(/^[!#$%&'+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header'));

/** Such a name, or a pattern as `x-*`, in which `*` stands for any part of one. */
export const headerPattern = passable(
  z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header, or a pattern such as x-*'),
).refine((name) => !/^(content|proxy)-.*\*/.test(name), 'matches only headers that cannot be forwarded');

/** Headers of an answer that the router makes itself, or that are about one answer of one subgraph. */
const ofTheAnswer =
  /^(access-control-.*|cache-control|date|age|etag|last-modified|location|server|vary|via|x-content-type-options|x-frame-options)$/;

const passedName = headerName.refine((name) => !ofTheAnswer.test(name), 'of an answer is made by the router alone');

/** Headers of subgraphs' answers that clients get. */
const passed = z.strictObject({
  merge: z.enum(['first', 'last', 'append']),
  subgraphs: z.array(z.string().min(1)).min(1).optional(),
});

const value = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must be the value of a header');

const rules = z.strictObject({
  forward: z.array(headerPattern),
  set: z.record(headerName, value),
  remove: z.array(headerPattern),
});

/** The option `router.headers`. config/default.yaml says what each key is for. */
export const headersOption = z.strictObject({
  all: rules,
  subgraphs: z.record(z.string(), rules.partial()),
  response: z.record(z.string(), value),
  fromSubgraphs: z.record(passedName, passed),
});

export type HeadersConfig = DeepReadonly<z.output<typeof headersOption>>;

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

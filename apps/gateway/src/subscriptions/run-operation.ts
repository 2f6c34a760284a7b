import type { ApolloServer } from '@apollo/server';
import { Departure } from '../caller';
import type { GatewayContext } from '../graph/apollo';
import type { OperationText } from '../graph/graph';
import type { Settings } from '../options';
import type { Client } from './client';
import { Payload } from './payload';

export interface OperationRequest extends OperationText {
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A request's parts from a body that was checked to have them. */
export const requestFrom = (body: unknown): OperationRequest => {
  const { query, operationName, variables } = body as {
    query: string;
    operationName?: string;
    variables?: object;
  }; // checked with problemWithBody
  return { query, operationName: operationName ?? undefined, variables: { ...variables } };
};

/** Executes a query or mutation that came over a socket or a stream, just as over HTTP. */
export const runOperation = async (
  apollo: ApolloServer<GatewayContext>,
  request: OperationRequest,
  { client, settings }: { readonly client: Client; readonly settings: Settings },
): Promise<Payload> => {
  const nowMs = settings.now();
  const caller = {
    requestId: client.requestId,
    authorization: client.authorization,
    origin: client.origin,
    deadlineAtMs: nowMs + settings.deadlines.requestMs,
    gone: new Departure(),
  };
  const { body } = await apollo.executeOperation(
    {
      query: request.query,
      variables: request.variables,
      ...(request.operationName !== undefined && { operationName: request.operationName }),
    },
    { contextValue: { caller, startedAtMs: nowMs } },
  );
  if (body.kind !== 'single') throw new Error('incremental answers are not supported');
  return new Payload(body.singleResult);
};

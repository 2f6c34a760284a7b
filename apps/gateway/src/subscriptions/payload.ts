import type { ErrorCode } from '@lyceum/platform';
import type { GraphQLFormattedError } from 'graphql';
import { JsonText } from '../execution/answer';
import type { ExecutionAnswer } from '../execution/execute';

/** What one event is for its clients. Made once, however many they are. */
export class Payload {
  private json: string | undefined;

  constructor(
    readonly result: {
      readonly data?: unknown;
      readonly errors?: readonly GraphQLFormattedError[];
    },
  ) {}

  get text(): string {
    return (this.json ??= JSON.stringify(this.result));
  }
}

export const payloadOf = (
  { data }: ExecutionAnswer,
  errors: readonly GraphQLFormattedError[] | undefined,
): Payload =>
  new Payload({
    ...(errors && errors.length > 0 && { errors }),
    data: data instanceof JsonText ? data.toJSON() : data,
  });

/** The last thing a client gets before its subscription ends for a reason of ours. */
export const refusal = (code: ErrorCode, message: string, requestId: string): Payload =>
  new Payload({ errors: [{ message, extensions: { code, requestId } }] });

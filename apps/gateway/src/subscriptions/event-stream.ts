import { StringDecoder } from 'node:string_decoder';

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events from the chunks of a response. Throws when one event grows past the limit:
 * what is buffered never exceeds it.
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  maxEventBytes: number,
): AsyncGenerator<StreamEvent> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    let end = endOfEvent.exec(text);
    while (end !== null) {
      const event = parseEvent(text.slice(0, end.index));
      text = text.slice(end.index + end[0].length);
      if (event !== undefined) yield event;
      end = endOfEvent.exec(text);
    }
    if (text.length > maxEventBytes) throw new Error('an event is too large');
  }
}

const endOfEvent = /\r\n\r\n|\n\n|\r\r/;

/** Undefined for comments: the pings that keep a stream alive. */
const parseEvent = (block: string): StreamEvent | undefined => {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value = ''] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return event === 'message' && data.length === 0 ? undefined : { event, data: data.join('\n') };
};

/** One event as text. The data must have no line breaks, which JSON text has not. */
export const writeEvent = (event: string, data: string): string =>
  `event: ${event}\ndata: ${data}\n\n`;

/** A comment: keeps proxies from closing a stream that is silent. */
export const ping = ':\n\n';

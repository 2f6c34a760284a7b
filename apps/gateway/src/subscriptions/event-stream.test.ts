import fc from 'fast-check';
import { ping, readEvents, writeEvent } from './event-stream';

const read = async (chunks: readonly Buffer[], limit = 1_000_000): Promise<unknown[]> => {
  const source = (async function* () {
    yield* chunks;
    await Promise.resolve();
  })();
  const events = [];
  for await (const event of readEvents(source, limit)) events.push(event);
  return events;
};

const cut = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

describe('an event stream', () => {
  it('is read as it was written, wherever the network cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' })),
        fc.integer({ min: 1, max: 7 }),
        async (texts, size) => {
          const written = texts
            .map((text) => ping + writeEvent('next', JSON.stringify(text)))
            .join('');
          const events = texts.map((text) => ({ event: 'next', data: JSON.stringify(text) }));
          expect(await read(cut(Buffer.from(written), size))).toEqual(events);
        },
      ),
    );
  });

  it('may have any kind of line end, and comments', async () => {
    const text = ': hello\r\n\r\nevent: next\r\ndata: 1\r\ndata: 2\r\n\r\nevent:complete\ndata\n\n';
    expect(await read([Buffer.from(text)])).toEqual([
      { event: 'next', data: '1\n2' },
      { event: 'complete', data: '' },
    ]);
  });

  it('is given up when one event is too large', async () => {
    await expect(read(cut(Buffer.from('x'.repeat(5_000)), 100), 1_000)).rejects.toThrow(
      'too large',
    );
  });
});

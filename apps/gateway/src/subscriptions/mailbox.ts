/**
 * The events that wait for one client. Bounded: a client that does not keep up is told so and cut off,
 * and costs no more memory than this. `return` takes effect at once, also while `next` waits.
 */
export class Mailbox<Item> implements AsyncIterableIterator<Item> {
  private readonly waiting: Item[] = [];
  private wake: ((result: IteratorResult<Item>) => void) | undefined;
  private hasEnded = false;

  constructor(
    private readonly capacity: number,
    private readonly onClose: () => void,
  ) {}

  /** True while items wait: their client has not had its turn, or does not take it. */
  get isBehind(): boolean {
    return this.waiting.length > 0;
  }

  /** False when the mailbox is full: the item is not taken. */
  push(item: Item): boolean {
    if (this.hasEnded) return true;
    if (this.wake !== undefined) {
      this.hand({ done: false, value: item });
      return true;
    }
    if (this.waiting.length >= this.capacity) return false;
    this.waiting.push(item);
    return true;
  }

  /** No more items come; those that wait are still handed out, and `last` after them. */
  end(last?: Item): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (last !== undefined && this.wake !== undefined) this.hand({ done: false, value: last });
    else if (last !== undefined) this.waiting.push(last);
    else if (this.wake !== undefined) this.hand(over);
    this.onClose();
  }

  next(): Promise<IteratorResult<Item>> {
    const item = this.waiting.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.hasEnded) return Promise.resolve(over);
    return new Promise((resolve) => (this.wake = resolve));
  }

  return(): Promise<IteratorResult<Item>> {
    this.waiting.length = 0;
    this.end();
    return Promise.resolve(over);
  }

  throw(): Promise<IteratorResult<Item>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private hand(result: IteratorResult<Item>): void {
    const wake = this.wake;
    this.wake = undefined;
    wake?.(result);
  }
}

const over: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** A hot source of events for a stub's subscription; every subscriber gets what is pushed while it listens. */
export class Feed<Event> {
  private readonly listeners = new Set<(event: Event) => void>();

  get listenerCount(): number {
    return this.listeners.size;
  }

  push(event: Event): void {
    for (const listener of this.listeners) listener(event);
  }

  async *listen(): AsyncGenerator<Event> {
    const waiting: Event[] = [];
    let wake: () => void = () => undefined;
    const listener = (event: Event): void => {
      waiting.push(event);
      wake();
    };
    this.listeners.add(listener);
    try {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift() as Event; // not empty, as checked
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.listeners.delete(listener);
    }
  }
}

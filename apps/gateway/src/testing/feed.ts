import { Mailbox } from '../subscriptions/mailbox';

/** A hot source of events for a stub's subscription; every subscriber gets what is pushed while it listens. */
export class Feed<Event> {
  private readonly listeners = new Set<Mailbox<Event>>();

  get listenerCount(): number {
    return this.listeners.size;
  }

  push(event: Event): void {
    for (const listener of this.listeners) listener.push(event);
  }

  listen(): AsyncIterableIterator<Event> {
    const listener: Mailbox<Event> = new Mailbox(Infinity, () => this.listeners.delete(listener));
    this.listeners.add(listener);
    return listener;
  }
}

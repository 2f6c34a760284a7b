import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  /** Closes what carries no request now, and what does as soon as it is answered; the answer says so. */
  drain(): void;
}

/**
 * Knows which connections are in use. Node's own `closeIdleConnections` leaves those open on which no
 * request was ever sent, and browsers open such ones in advance: a shutdown would wait for them.
 */
export const trackConnections = (server: Server): Connections => {
  const unused = new Set<Socket>();
  const underWay = new Set<ServerResponse>();
  let isDraining = false;
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    unused.delete(socket);
    underWay.add(response);
    response.shouldKeepAlive &&= !isDraining;
    response.once('close', () => {
      underWay.delete(response);
      if (isDraining) socket.destroySoon();
      else if (!socket.destroyed) unused.add(socket);
    });
  });
  // A WebSocket is closed by its own protocol.
  server.on('upgrade', ({ socket }) => unused.delete(socket));
  return {
    drain: () => {
      isDraining = true;
      for (const response of underWay) response.shouldKeepAlive = false;
      for (const socket of unused) socket.destroy();
    },
  };
};

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Settings } from '../options';
import { closeCodes } from './close-codes';
import { socketOperations, type SocketExtra, type SocketParts } from './socket-operations';

export interface WebSocketEndpoint {
  readonly openCount: () => number;
  /** Tells all clients that this server goes away; they may come back to another one. */
  close(): void;
}

const pingMs = 12_000;
/** How long a client may take to answer that its socket is closed. */
const graceMs = 1_000;

/** graphql-ws on `/graphql`, beside HTTP on the same server. */
export const createWebSocketEndpoint = (server: Server, parts: SocketParts): WebSocketEndpoint => {
  const { settings } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: settings.subscriptionLimits.maxMessageBytes,
    perMessageDeflate: false,
  });
  const protocol = makeServer<Record<string, unknown>, SocketExtra>(socketOperations(parts));

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const status = refusalOf(request, settings, sockets.clients.size);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const requestId = randomUUID();
      const extra: SocketExtra = {
        socket: opened,
        request,
        requestId,
        close: (code, reason) => closeSocket(opened, code, reason),
      };
      attach(protocol.opened(channelOf(opened, settings), extra), opened, settings);
    });
  });
  return {
    openCount: () => sockets.clients.size,
    close: () => {
      for (const socket of sockets.clients) closeSocket(socket, closeCodes.goingAway, 'Going away');
    },
  };
};

/** Browsers send the page's origin, and nothing else keeps other sites from opening sockets as their visitors. */
const refusalOf = (
  { url, headers }: IncomingMessage,
  settings: Settings,
  openSockets: number,
): string | undefined => {
  if (new URL(url ?? '/', 'http://gateway').pathname !== '/graphql') return '404 Not Found';
  if (!isOriginAllowed(headers, settings)) return '403 Forbidden';
  if (openSockets >= settings.subscriptionLimits.maxConnections) return '503 Service Unavailable';
  return undefined;
};

const isOriginAllowed = (
  { origin, host }: IncomingMessage['headers'],
  { options }: Settings,
): boolean => {
  if (origin === undefined) return true; // no browser
  const allowed = options.allowedOrigins ?? [];
  if (allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
};

const closeSocket = (socket: WebSocket, code: number, reason: string): void => {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), graceMs).unref();
};

type Channel = Parameters<ReturnType<typeof makeServer>['opened']>[0];

const channelOf = (socket: WebSocket, settings: Settings): Channel => ({
  protocol: socket.protocol,
  // Resolves when the text is on its way, so that a slow client is felt here and not in memory.
  send: (text) =>
    new Promise((resolve) => {
      if (socket.readyState !== WebSocket.OPEN) resolve();
      else socket.send(text, () => resolve());
    }),
  close: (code, reason) => socket.close(code, reason),
  onMessage: (take) => {
    const isTooFast = messageMeter(settings);
    socket.on('message', (data: Buffer) => {
      if (isTooFast()) return closeSocket(socket, closeCodes.policyViolation, 'Too many messages');
      take(data.toString()).catch((error: unknown) => {
        settings.options.log.error({ err: error }, 'websocket.failed');
        closeSocket(socket, closeCodes.internal, 'Internal server error');
      });
    });
  },
});

const meterWindowMs = 10_000;

const messageMeter = ({ now, subscriptionLimits }: Settings): (() => boolean) => {
  let windowStart = now();
  let count = 0;
  return () => {
    if (now() - windowStart >= meterWindowMs) {
      windowStart = now();
      count = 0;
    }
    count += 1;
    return count > subscriptionLimits.maxMessagesPer10s;
  };
};

/** Keeps a socket's life: pings to find out that the other side is gone, and the protocol's end. */
const attach = (
  closed: (code: number, reason: string) => Promise<void>,
  socket: WebSocket,
  settings: Settings,
): void => {
  let isAlive = true;
  const pinger = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingMs);
  socket.on('pong', () => (isAlive = true));
  socket.on('error', (error) => settings.options.log.debug({ err: error }, 'websocket.error'));
  socket.once('close', (code, reason) => {
    clearInterval(pinger);
    closed(code, reason.toString()).catch((error: unknown) =>
      settings.options.log.error({ err: error }, 'websocket.failed'),
    );
  });
};

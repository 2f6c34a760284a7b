import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

export interface SmtpStub {
  readonly url: string;
  /** Mails as they came: headers, blank line, body. */
  readonly received: string[];
  /** What it says to the next recipients, one each; then `250`. */
  readonly answers: string[];
  close(): Promise<void>;
}

/** As much of an SMTP server as a client needs to hand over a mail. */
export const smtpStub = async (): Promise<SmtpStub> => {
  const received: string[] = [];
  const answers: string[] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    converse(socket, { received, answers });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answers,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

const converse = (
  socket: Socket,
  { received, answers }: Pick<SmtpStub, 'received' | 'answers'>,
): void => {
  let text = '';
  let isData = false;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'RCPT') say(answers.shift() ?? '250 yes');
    else if (verb === 'DATA') {
      isData = true;
      say('354 go on');
    } else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else say('250 yes');
  };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text += chunk.toString();
    for (;;) {
      const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const piece = text.slice(0, end);
      text = text.slice(end + (isData ? 5 : 2));
      if (isData) {
        isData = false;
        received.push(piece);
        say('250 taken');
      } else command(piece);
    }
  });
  say('220 stub');
};

import { OctavoError, type Secret } from '../../base/index.ts';
import type { Channel } from './channel.ts';

/** The server that takes mail. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: must be turned on; `none`: in the clear, for a server on this machine. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly from: string;
}

/** A mail for each message, HTML and plain text in one; pictures stand below the text. */
export function mailChannel(name: string, to: readonly string[], server: MailServer): Channel {
  return {
    name,
    kind: 'mail',
    send: async (message, signal) => {
      signal?.throwIfAborted();
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        host: server.host,
        port: server.port,
        secure: server.security === 'tls',
        requireTLS: server.security === 'starttls',
        ignoreTLS: server.security === 'none',
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        ...(server.user === undefined
          ? {}
          : { auth: { user: server.user, pass: server.password?.reveal() ?? '' } }),
      });
      try {
        await transport.sendMail({
          from: server.from,
          to: [...to],
          subject: message.subject,
          text: message.text,
          html: message.html,
          messageId: `<${message.id}@octavo>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          attachments: message.pictures.map((picture) => ({ filename: picture.name, content: picture.png })),
        });
      } catch (cause) {
        throw failureOf(name, server, cause);
      } finally {
        transport.close();
      }
    },
  };
}

/** What SMTP refuses for good (5xx) is not tried again. */
function failureOf(name: string, { host, port }: MailServer, cause: unknown): OctavoError {
  const { responseCode, message } = cause as { readonly responseCode?: number; readonly message?: string };
  const refused = responseCode !== undefined && responseCode >= 500;
  const about = `channel '${name}': ${host}:${port}: ${message ?? 'no answer'}`;
  return new OctavoError(refused ? 'delivery_refused' : 'delivery_failed', about, { cause });
}

const timeoutMs = 30_000;

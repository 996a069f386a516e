import { createHmac } from 'node:crypto';
import { OctavoError, type Clock, type Secret } from '../../base/index.ts';
import type { Channel, Message } from './channel.ts';

/** Where a webhook's messages go. */
export interface WebhookOptions {
  readonly name: string;
  readonly url: Secret;
  /** Signs the messages, base64 or any text. */
  readonly secret?: Secret | undefined;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/**
 * A POST of JSON for each message, signed as Standard Webhooks says (https://www.standardwebhooks.com): `webhook-id`,
 * `webhook-timestamp`, and `webhook-signature: v1,` with the HMAC-SHA256 of `id.timestamp.body`. Slack, Teams and
 * Mattermost read its `text`.
 */
export function webhookChannel(options: WebhookOptions): Channel {
  const { name, url, secret, clock } = options;
  return {
    name,
    kind: 'webhook',
    send: async (message, signal) => {
      const body = JSON.stringify(bodyOf(message));
      const timestamp = String(Math.floor(clock.now() / 1000));
      const response = await post(options, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'octavo',
          'webhook-id': message.id,
          'webhook-timestamp': timestamp,
          ...(secret === undefined
            ? {}
            : { 'webhook-signature': `v1,${sign(secret, `${message.id}.${timestamp}.${body}`)}` }),
        },
      });
      await response.body?.cancel();
      if (response.ok) return;
      const refused =
        response.status >= 400 && response.status < 500 && ![408, 425, 429].includes(response.status);
      const at = `channel '${name}': ${new URL(url.reveal()).host} answered ${response.status}`;
      throw new OctavoError(refused ? 'delivery_refused' : 'delivery_failed', at);
    },
  };
}

async function post({ name, url, fetch }: WebhookOptions, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url.reveal(), request);
  } catch (cause) {
    throw new OctavoError(
      'delivery_failed',
      `channel '${name}': ${new URL(url.reveal()).host} gave no answer`,
      { cause },
    );
  }
}

function bodyOf(message: Message): object {
  return {
    id: message.id,
    subject: message.subject,
    text: `*${message.subject}*\n${message.text}`,
    html: message.html,
    data: message.data,
    ...(message.pictures.length === 0
      ? {}
      : { pictures: message.pictures.map(({ name, png }) => ({ name, png: png.toString('base64') })) }),
  };
}

/** A key as Standard Webhooks writes it (`whsec_` and base64), or the text itself. */
function sign(secret: Secret, content: string): string {
  const text = secret.reveal();
  const key = text.startsWith('whsec_') ? Buffer.from(text.slice('whsec_'.length), 'base64') : text;
  return createHmac('sha256', key).update(content).digest('base64');
}

const timeoutMs = 30_000;

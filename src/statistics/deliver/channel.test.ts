import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { hasCode, manualClock, Secret } from '../../base/index.ts';
import type { Message } from './channel.ts';
import { mailChannel } from './mail-channel.ts';
import { webhookChannel } from './webhook-channel.ts';

const message: Message = {
  id: 'page.daily.0123456789abcdef',
  subject: '서점 · 일간 보고서',
  html: '<p>매출 <strong>1,000원</strong></p>',
  text: '매출 1,000원',
  data: { kind: 'page', value: 1000 },
  pictures: [{ name: 'daily.png', png: Buffer.from([0x89, 0x50, 0x4e, 0x47]) }],
};

async function withMailServer(
  use: (port: number, mails: readonly string[]) => Promise<void>,
  refuse?: number,
): Promise<void> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, answer) =>
      refuse === undefined
        ? answer()
        : answer(Object.assign(new Error('no such reader'), { responseCode: refuse })),
    onData: (stream, _session, answer) => {
      let text = '';
      stream.on('data', (part: Buffer) => (text += part.toString('utf8')));
      stream.on('end', () => {
        mails.push(text);
        answer();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  try {
    await use((server.server.address() as AddressInfo).port, mails);
  } finally {
    await new Promise<void>((closed) => server.close(() => closed()));
  }
}

const mailTo = (port: number, security: 'none' | 'starttls' = 'none') =>
  mailChannel('team', ['md@books.example', 'ops@books.example'], {
    host: '127.0.0.1',
    port,
    security,
    from: 'Octavo <octavo@books.example>',
  });

test('a mail arrives whole: both readers, subject, plain text, HTML and picture', async () => {
  await withMailServer(async (port, mails) => {
    await mailTo(port).send(message);
    const [mail = ''] = mails;
    assert.match(mail, /^To: md@books\.example, ops@books\.example\r?$/m);
    assert.match(mail, /^Message-ID: <page\.daily\.0123456789abcdef@octavo>\r?$/m);
    assert.match(mail, /^Subject: =\?UTF-8\?/m);
    assert.match(mail, /Content-Type: text\/plain; charset=utf-8/);
    assert.match(mail, /Content-Type: text\/html; charset=utf-8/);
    assert.match(mail, /Content-Type: image\/png; name=daily\.png/);
    assert.ok(mail.includes(Buffer.from(message.pictures[0]?.png ?? '').toString('base64')));
  });
});

test('a server that refuses, one that offers no encryption and one that is not there are told apart', async () => {
  await withMailServer(
    (port) => assert.rejects(mailTo(port).send(message), (error) => hasCode(error, 'delivery_refused')),
    550,
  );
  await withMailServer(
    (port) => assert.rejects(mailTo(port).send(message), (error) => hasCode(error, 'delivery_failed')),
    451,
  );
  await withMailServer(async (port, mails) => {
    await assert.rejects(mailTo(port, 'starttls').send(message), (error) =>
      hasCode(error, 'delivery_refused'),
    );
    assert.deepEqual(mails, []);
  });
  await assert.rejects(mailTo(1).send(message), (error) => hasCode(error, 'delivery_failed'));
});

test('a webhook is signed as Standard Webhooks says, and its answer decides', async () => {
  const taken: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      taken.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=hidden`;
  const key = Buffer.from('a key of some length').toString('base64');
  const channel = webhookChannel({
    name: 'team',
    url: new Secret(url),
    secret: new Secret(`whsec_${key}`),
    clock: manualClock(1_700_000_000_500),
    fetch,
  });
  try {
    await channel.send(message);
    const [{ headers, body } = { headers: {}, body: '' }] = taken;
    assert.equal(headers['webhook-id'], message.id);
    assert.equal(headers['webhook-timestamp'], '1700000000');
    const signed = createHmac('sha256', Buffer.from(key, 'base64')).update(
      `${message.id}.1700000000.${body}`,
    );
    assert.equal(headers['webhook-signature'], `v1,${signed.digest('base64')}`);
    const sent = JSON.parse(body) as Record<string, unknown>;
    assert.deepEqual([sent['subject'], sent['data']], [message.subject, message.data]);
    status = 503;
    await assert.rejects(channel.send(message), (error) => hasCode(error, 'delivery_failed'));
    status = 404;
    await assert.rejects(
      channel.send(message),
      (error: Error) => hasCode(error, 'delivery_refused') && !error.message.includes('hidden'),
    );
  } finally {
    server.close();
    server.closeAllConnections();
  }
  await assert.rejects(channel.send(message), (error) => hasCode(error, 'delivery_failed'));
});

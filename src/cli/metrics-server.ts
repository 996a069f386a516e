import { createServer } from 'node:http';
import { metricsText, startMetrics } from '../base/index.ts';

/** Serves this process's metrics at `/metrics`, and nothing else. */
export async function serveMetrics(address: {
  readonly host: string;
  readonly port: number;
}): Promise<{ readonly url: string; close(): void }> {
  await startMetrics();
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    void metricsText().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(address.port, address.host, done);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    url: `http://${address.host}:${port}/metrics`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

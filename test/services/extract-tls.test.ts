import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeCertificates } from '../../services/certificates.ts';
import { modernProducts, openShop, shops } from './shops.ts';

const tables = { things: { key: ['id'] } };

for (const { product, kind, mysql } of modernProducts) {
  describe(`a shop in ${product} behind TLS`, () => {
    it('is read when its authority is trusted and its name is the one that was called, and else says why not', async () => {
      const { folder } = await shops();
      const certificates = makeCertificates(join(folder, `certificates-${product}`));
      const shop = await openShop(kind, `tls_${kind}`, { certificates, mysql });
      shop.sql(
        `create table things (id int primary key, name varchar(20)); insert into things values (1, '책')`,
      );
      if (kind === 'mariadb') shop.sql(`alter user r_tls_mariadb@'127.0.0.1' require ssl`);
      const verify = { mode: 'verify', ca: certificates.ca };
      const called = (host: string, tls: object): ReturnType<typeof shop.extract> =>
        shop.extract(tables, { host, tls });

      await called('localhost', verify);
      assert.deepEqual(await shop.rows('select id, name from raw.shop_things'), [{ id: 1, name: '책' }]);

      await assert.rejects(
        called('127.0.0.1', verify),
        kind === 'mariadb'
          ? { code: 'source_invalid', message: /127\.0\.0\.1 is an address/ }
          : { code: 'source_tls_failed', message: /127\.0\.0\.1 is not in the cert/ },
      );
      const other = makeCertificates(join(folder, `other-${product}`));
      await assert.rejects(called('localhost', { ...verify, ca: other.ca }), {
        code: 'source_tls_failed',
        message: /certificate/i,
      });
      await assert.rejects(called('localhost', { mode: 'verify' }), { code: 'source_tls_failed' });
      await assert.rejects(called('localhost', { ...verify, ca: join(folder, 'nowhere.pem') }), {
        code: 'source_invalid',
        message: /tls\.ca: .*nowhere\.pem cannot be read/,
      });
      // Encrypted without knowing with whom: for who asks for it.
      await called('127.0.0.1', { mode: 'encrypt' });
      if (kind === 'mariadb')
        await assert.rejects(called('127.0.0.1', { mode: 'off' }), { code: 'source_denied' });
    });
  });
}

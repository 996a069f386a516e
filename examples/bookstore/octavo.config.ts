import { defineConfig } from 'octavo';

export default defineConfig({
  name: 'bookstore',
  currency: 'KRW',
  locale: 'ko',
  calendar: { timeZone: 'Asia/Seoul', dayStart: '06:00' },
  readers: { table: 'raw.shop_readers', column: 'reader_id' },
  sources: {
    shop: {
      type: 'sqlite',
      path: '.octavo/shop.db',
      tables: {
        categories: {},
        publishers: {},
        authors: {},
        series: {},
        items: {},
        readers: { personal: ['birth_year', 'gender'] },
        orders: {
          mode: 'incremental',
          cursor: 'order_id',
          time: 'ordered_at',
          control: ['paid_total'],
          personal: ['reader_id'],
        },
        order_lines: {
          mode: 'incremental',
          cursor: 'line_id',
          time: 'ordered_at',
          control: ['copies', 'paid'],
          personal: ['reader_id'],
        },
        refunds: { mode: 'incremental', cursor: 'refund_id', time: 'refunded_at', control: ['amount'] },
        ratings: {
          mode: 'incremental',
          cursor: 'rating_id',
          time: 'rated_at',
          personal: ['reader_id', 'review'],
        },
      },
    },
  },
});

import { defineConfig } from 'octavo';

export default defineConfig({
  name: 'online-retail',
  currency: 'GBP',
  locale: 'en',
  calendar: { timeZone: 'Europe/London', dayStart: '00:00' },
  sources: {
    retail: {
      type: 'csv',
      path: 'data/by-day/*.csv',
      table: 'lines',
      columns: { Quantity: 'int', InvoiceDate: 'timestamp', UnitPrice: 'decimal(18, 3)' },
      time: 'InvoiceDate',
      control: ['Quantity'],
      personal: ['CustomerID'],
      badRowsMax: 100,
    },
  },
  batch: { cycle: false },
});

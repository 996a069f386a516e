/*
description: >
  Every row of the CSV files with what it is. Exact duplicate rows (equal in all eight columns) keep their
  first; the others are `duplicate`. A product's code is five digits and at most two letters, compared in upper
  case; everything else (POST, DOT, M, BANK CHARGES, gift vouchers …) is `not_product`. An invoice that begins with
  C is a `cancellation`. A row without a price is `free`; a negative quantity outside a cancellation and an invoice
  that begins with A are an `adjustment` of the books. What is left is a `sale`.
materialize: day
columns:
  business_day: { description: day of the invoice in London }
  line_id: { description: 'invoice, code and number of the row within them', tests: [not_null, unique] }
  invoice_no: { tests: [not_null] }
  item_id: { description: stock code in upper case }
  title: { description: description as the row has it }
  copies: { description: 'pieces; positive for cancellations too' }
  unit_price: { description: pounds }
  customer_id: { description: null where the file has none, personal: true }
  country: {}
  sold_at: {}
  row_class:
    tests: [not_null, { accepted_values: [sale, free, cancellation, adjustment, not_product, duplicate] }]
*/
with numbered as (
  select
    business_day,
    InvoiceNo as invoice_no,
    upper(StockCode) as item_id,
    Description as title,
    Quantity as quantity,
    cast(UnitPrice as decimal(18, 3)) as unit_price,
    replace(CustomerID, '.0', '') as customer_id,
    Country as country,
    InvoiceDate as sold_at,
    row_number() over (
      partition by InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
      order by InvoiceNo
    ) as copy_number,
    row_number() over (
      partition by InvoiceNo, upper(StockCode)
      order by InvoiceDate, Quantity, UnitPrice, Description nulls first, StockCode
    ) as row_number_in_invoice
  from {{ ref('raw.retail_lines') }}
  where business_day = {{ day }}
)
select
  business_day,
  concat(invoice_no, '/', item_id, '/', cast(row_number_in_invoice as varchar)) as line_id,
  invoice_no,
  item_id,
  title,
  cast(abs(quantity) as int) as copies,
  unit_price,
  customer_id,
  country,
  sold_at,
  case
    when copy_number > 1 then 'duplicate'
    when not {{ matches('item_id', '^[0-9]{5}[A-Z]{0,2}$') }} then 'not_product'
    when invoice_no like 'C%' then 'cancellation'
    when invoice_no like 'A%' or quantity <= 0 then 'adjustment'
    when unit_price <= 0 then 'free'
    else 'sale'
  end as row_class
from numbered

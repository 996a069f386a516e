/*
description:
  en: >
    Accounts opened on the day.
  ko: >
    그날 만든 계정.
materialize: day
columns:
  business_day: {}
  reader_id: { personal: true, tests: [not_null, unique] }
*/
select {{ day }} as business_day, reader_id, kind, {{ instant('signed_up_at') }} as signed_up_at
from {{ ref('raw.shop_readers') }}
where {{ business_date('signed_up_at') }} = {{ day }}

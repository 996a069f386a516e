/**
 * Schema of `serving.db`. `edition_no` and `part_no` are never given twice, so a decoded chunk in some process's
 * cache can never be taken for another edition's.
 */
export const servingMigrations: readonly string[] = [
  `create table editions (
    edition_no integer primary key autoincrement,
    id text not null unique,
    kind text not null,
    name text not null,
    business_day text not null,
    revision integer not null,
    inputs text not null,
    rule_version text not null,
    code_version text not null,
    content_hash text not null,
    created_at text not null,
    counts text not null,
    published integer not null,
    token integer not null,
    touched_ms integer not null
  )`,
  `create index editions_by_day on editions (kind, name, business_day, revision)`,
  `create table pointers (
    kind text not null,
    name text not null,
    business_day text not null,
    edition_no integer,
    token integer not null,
    primary key (kind, name, business_day)
  ) without rowid`,
  `create table parts (
    part_no integer primary key autoincrement,
    edition_no integer not null,
    part text not null,
    entries integer not null,
    digest text not null,
    keys blob,
    unique (edition_no, part)
  )`,
  `create table chunks (
    part_no integer not null,
    first integer not null,
    body blob not null,
    primary key (part_no, first)
  )`,
];

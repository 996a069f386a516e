/** Types of a column of a file, as the SQL engine spells them. */
const shown = [
  'text',
  'int',
  'bigint',
  'double',
  'decimal(18,2)',
  'boolean',
  'date',
  'timestamp',
  'timestamptz',
];
/** The other spellings of them, and what is seldom in a file of a shop. */
const others =
  `varchar string char bpchar integer int1 int2 int4 int8 tinyint smallint short signed long hugeint utinyint usmallint
  uinteger ubigint uhugeint float float4 float8 real numeric decimal dec bool logical time datetime timestamp_s
  timestamp_ms timestamp_ns uuid json blob bytea binary varbinary interval`.split(/\s+/);
const nested = /^(struct|map|enum|union)\s*\(/i;

/** For people. */
export const columnTypeExpected = `a type such as ${shown.join(', ')}`;
/** What a wrong one may have been meant as. */
export const columnTypeNames: readonly string[] = [...shown.map(plain), ...others];

/** Whether the engine knows the type; what is inside of nested ones is left to it. */
export function isColumnType(text: string): boolean {
  const type = text.trim();
  return nested.test(type) || columnTypeNames.includes(plain(type).toLowerCase());
}

/** `decimal(18,2)[]` is a `decimal`. */
function plain(type: string): string {
  return type
    .replace(/(\[\d*\])+$/, '')
    .replace(/\s+with time zone$/i, '')
    .replace(/\s*\(\s*\d+(\s*,\s*\d+)?\s*\)$/, '');
}

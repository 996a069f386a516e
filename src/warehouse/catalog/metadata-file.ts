import { gunzipSync } from 'node:zlib';
import { OctavoError, type Storage } from '../../base/index.ts';
import { readAsWritten } from '../iceberg/checksum.ts';
import { localPath } from '../iceberg/data-file.ts';
import { formatIcebergJson, parseIcebergJson } from '../iceberg/json.ts';
import type { TableMetadata } from '../iceberg/metadata.ts';
import { checkNestedNames } from '../iceberg/nested-names.ts';
import { fieldWithDefault } from '../iceberg/schema.ts';

/** Reads and checks a metadata file; `metadata_damaged` names it when it is missing, torn or no metadata. */
export async function readMetadataFile(storage: Storage, location: string): Promise<TableMetadata> {
  const path = localPath(location);
  const damaged = (about: string, cause?: unknown): OctavoError =>
    new OctavoError('metadata_damaged', `${path} ${about}`, { cause, details: { path } });
  const bytes = await readAsWritten(storage, path);
  let parsed: Partial<TableMetadata>;
  try {
    const text = path.endsWith('.gz.metadata.json') ? gunzipSync(bytes) : bytes;
    parsed = parseIcebergJson(text.toString('utf8')) as Partial<TableMetadata>;
  } catch (cause) {
    throw damaged('cannot be parsed', cause);
  }
  const version = parsed['format-version'];
  if (version !== undefined && version > 2)
    throw new OctavoError('table_unsupported', `${path} has format version ${version}`);
  if (
    !Array.isArray(parsed.schemas) ||
    typeof parsed.location !== 'string' ||
    typeof parsed['table-uuid'] !== 'string'
  ) {
    throw damaged('holds no table metadata');
  }
  checkNestedNames(parsed.schemas);
  for (const schema of parsed.schemas) {
    const field = fieldWithDefault(schema);
    if (field !== undefined)
      throw new OctavoError('table_unsupported', `${path}: column '${field.name}' has a default value`);
  }
  return normalize(parsed as TableMetadata);
}

/** The text of a metadata file. */
export function formatMetadata(metadata: TableMetadata): string {
  return formatIcebergJson(metadata);
}

// Writers leave empty lists out, and write -1 or null for "no snapshot".
function normalize(metadata: TableMetadata): TableMetadata {
  const { 'current-snapshot-id': current, ...rest } = metadata;
  const has = current !== undefined && current !== null && current !== -1n;
  const main = has ? { main: { 'snapshot-id': current, type: 'branch' as const } } : {};
  return {
    ...rest,
    ...(has && { 'current-snapshot-id': current }),
    'last-sequence-number': metadata['last-sequence-number'] ?? 0,
    properties: metadata.properties ?? {},
    snapshots: metadata.snapshots ?? [],
    refs: { ...main, ...metadata.refs },
    'snapshot-log': metadata['snapshot-log'] ?? [],
    'metadata-log': metadata['metadata-log'] ?? [],
  };
}

import { useQuery } from '@tanstack/react-query';
import { readerQuery } from './queries.ts';

/** Whether the shop knows the reader; undefined until it has said so. When it cannot say, the reader counts as known. */
export function useKnown(reader: string | undefined): boolean | undefined {
  const { data, error } = useQuery({ ...readerQuery(reader ?? ''), enabled: reader !== undefined });
  return error !== null ? true : data === undefined ? undefined : data.known !== false;
}

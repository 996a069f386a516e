export * from './full-catalog.ts';
export * from './rest.ts';
export * from './sqlite-catalog.ts';
export { readMetadataFile } from './metadata-file.ts';

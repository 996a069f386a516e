export { changeEvent, isNestedAtMost, isPointer, levelsMax, type EventChange } from './change-event.ts';
export { eventKinds, type EventKind } from './catalogue.ts';
export * from './enrich/index.ts';
export type * from './envelope.ts';
export { envelopeSchema, itemsMax } from './envelope-schema.ts';
export { personalColumns, personalPaths, truncateIp } from './privacy.ts';
export { isInstantText, isKindName, isUuidText } from './text-format.ts';
export { EventScanner, ScannedEvent } from './scan/scan-event.ts';
export {
  receiptText,
  statesReceipt,
  storedText,
  takeStated,
  toStored,
  type Receipt,
  type StatedReceipt,
} from './to-stored.ts';
export { isEventError, propertyDepthMax, validateEvent } from './validate-event.ts';

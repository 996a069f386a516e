export {
  clientAddress,
  forwardedClient,
  ipModes,
  isFromProxy,
  isProxyEntry,
  plainAddress,
  proxyList,
  storedIp,
  type IpMode,
} from './address.ts';
export { botOf, type Bot } from './bot.ts';
export { browserOf } from './browser.ts';
export { campaignOf, clickIds, type EventCampaign } from './campaign.ts';
export { clientHintsOf, type ClientHints } from './client-hints.ts';
export { clientOf, rulesVersion, type EventClient } from './client.ts';
export { clockShiftMs, clockToleranceMsDefault, correctedTime } from './clock.ts';
export { countryCode } from './country.ts';
export { deviceOf, deviceTypes, type DeviceType } from './device.ts';
export { createEnricher, type Enricher, type EnricherOptions } from './enricher.ts';
export { operatingSystemOf, type NamedVersion } from './operating-system.ts';
export { hostOf, referrerOf, type EventReferrer } from './referrer.ts';
export { referrerClasses, siteOf, type ReferrerClass } from './referrer-sites.ts';
export { statedOf, type Stated } from './stated.ts';

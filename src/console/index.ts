/**
 * The web console: Home, lists, recommendations, statistics pages, events, runs, tables, SQL, settings.
 *
 *   app       the frame: router, navigation, command palette, sign-in
 *   parts     what screens are made of, one file each; they know nothing of the API
 *   screens   one folder a screen: route.ts, <name>.tsx, messages.ts, queries.ts
 *   i18n      texts in Korean and English side by side, numbers and dates by Intl
 *   theme     tokens, base styles, fonts, light and dark
 *   data      requests, the query client, the session, the live stream
 *
 * How a screen is added stands in docs/internals/console.md.
 */
import { start } from './app/start.tsx';

start(document);

import assert from 'node:assert/strict';
import { test } from 'node:test';

/*
 * Rules of the kind that EasyList and EasyPrivacy have for addresses of every host, in their own language: `||` the host, `^` a
 * separator, `*` anything, `|` an end. The lists themselves are under the GPL and change daily; these are their words.
 */
const rules = `
/ads.js^ -ads- /ad.js? /adserver/* /banner/*/ad_ /ad_tracking. /adpixel. /adstat.
/analytics.js? /analytics.min. /analytics/* -analytics. /analytics? /analytics/collect| /analytics/event /ga.js? /gtag/js? /gtm.js?
/beacon.js /beacon/* /beacon? /pixel.js /pixel.gif? /pixel? /api/pixel? /1x1.gif? /t.gif? /p.gif? /e.gif? /i.gif? /a.gif? /b.gif?
/collect? /collect| /collector/* /api/v1/collector /batch? /com.snowplowanalytics.snowplow/tp2 /i?*&tna= /sp.js /snowplow.js
/track? /track.js /tracker.js /tracker.min.js /tracking.js /tracking/* /api/track? /v1/track? /v1/t| /v1/p| -track.js -tracker.js
/event?*&type= /events? /api/event| /api/events| /v1/events? /event-tracking. /ahoy/events /logevent? /log-event?
/stats.js /stats? /stat? /statistics.js /counter.js /counter? /hit? /hits? /hitcount /pageview? /page_view? /api/pageview? /pv?
/log? /api/log? /logger.js /logging/* /telemetry.js /telemetry/* /metrics? /web-vitals- /rum.js /impression? /impressions/*
/insight.js /insights.js /matomo.js /piwik.js /umami.js /script.js?*data-domain /plausible.js /posthog.js /segment.js
/fbevents.js /fbpixel. /facebook-pixel /tiktok-pixel /kp.js /wcslog.js /ga4. /meta-pixel. /conversion? /remarketing.
&t=pageview& &hitType=pageview &visitorUuid= ?event=pageview &pageReferrer= &event=view& ?record&key= ||octavo.example^
`
  .trim()
  .split(/\s+/);

function isBlocked(address: string): string | undefined {
  return rules.find((rule) => {
    const pattern = rule
      .replaceAll(/[.+?${}()[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('^', '(?:[^\\w.%-]|$)')
      .replace(/^\|\|/, '^https?://([^/]+\\.)?')
      .replace(/\|$/, '$');
    return new RegExp(pattern, 'i').test(address);
  });
}

test("no rule of a blocker's list knows the default names", () => {
  const names = [
    'o.js',
    'g.js',
    'm.js',
    'k.js',
    'n.js',
    't.js',
    'e?key=oct_0aZ-_9',
    'e?key=oct_0aZ-_9&attempt=2',
  ];
  for (const name of names) assert.equal(isBlocked(`https://store.example/o/${name}`), undefined, name);
});

test('the rules do find names that blockers know', () => {
  for (const name of [
    'tracker.js',
    'v1/events?key=k',
    'pixel.gif?x=1',
    'api/v1/collector',
    'js/analytics.min.js',
    'v1/t',
  ])
    assert.notEqual(isBlocked(`https://store.example/${name}`), undefined, name);
});

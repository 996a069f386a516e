import type { BusinessDay } from '../../base/index.ts';
import type { AlertFinding } from './evaluate-alert.ts';
import type { MessageFormat } from './format.ts';
import { colours, documentOf, headline, html, link, paragraph, remark, type Html } from './html.ts';
import { say, title } from './words.ts';

/** The alerts of one day for one channel, in one message. */
export interface Digest {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Writes the digest: what fires first, then what could not be judged, and how many rules are quiet. */
export function digestOf(
  findings: readonly AlertFinding[],
  options: {
    readonly day: BusinessDay;
    readonly store: string;
    readonly format: MessageFormat;
    readonly address: string | undefined;
  },
): Digest {
  const { day, store, format, address } = options;
  const { language } = format;
  const firing = findings.filter(({ state }) => state === 'firing');
  const unknown = findings.filter(({ state }) => state === 'unknown' || state === 'waiting');
  const quiet = findings.length - firing.length - unknown.length;
  const what =
    firing.length === 0 ? say(language, 'all_quiet') : say(language, 'firing', { count: firing.length });
  const lines = firing.map((finding) => ({
    name: title(finding.alert.title, language),
    sentence: findingSentence(finding, format),
  }));
  const rest = [
    ...(unknown.length === 0
      ? []
      : [
          say(language, 'unknown', {
            names: unknown.map(({ alert }) => title(alert.title, language)).join(', '),
          }),
        ]),
    ...(quiet === 0 ? [] : [say(language, 'quiet', { count: quiet })]),
  ];
  const more: readonly Html[] =
    address === undefined ? [] : [paragraph(link(address, say(language, 'open_page')))];
  return {
    subject: `${store} · ${what} · ${format.day(day)}`,
    html: documentOf({
      language,
      title: what,
      body: [
        headline(what, `${store} · ${format.day(day)}`),
        ...lines.map(
          ({ name, sentence }) =>
            html`<p style="margin:0;padding:10px 0;border-top:1px solid ${colours.line}">
              <strong>${name}</strong><br />${sentence}
            </p>`,
        ),
        ...rest.map(remark),
        ...more,
      ],
    }),
    text: [
      what,
      ...lines.map(({ name, sentence }) => `- ${name}: ${sentence}`),
      ...rest,
      ...(address === undefined ? [] : [address]),
    ].join('\n'),
  };
}

/** What an alert has to say, in a sentence. */
export function findingSentence(finding: AlertFinding, format: MessageFormat): string {
  const { alert, metric, reason, against } = finding;
  const { language } = format;
  const value = format.value(finding.value, metric.unit);
  if (reason === 'missing') return say(language, 'not_counted');
  if (reason === 'below')
    return say(language, 'below', { value, limit: format.value(alert.when.below ?? null, metric.unit) });
  if (reason === 'above')
    return say(language, 'above', { value, limit: format.value(alert.when.above ?? null, metric.unit) });
  if (against === undefined || against.change === null) return value;
  return say(language, 'changed', {
    value,
    day: format.day(against.day),
    before: format.value(against.value, metric.unit),
    change: format.change(against.change, null),
  });
}

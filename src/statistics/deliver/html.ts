/**
 * HTML that mail programs show as it is meant: tables for layout, every style inline, no script, no style sheet, no
 * picture from elsewhere. Colours are those of the console's light theme.
 */

/** HTML that is safe to put into other HTML. */
export interface Html {
  readonly html: string;
}

/** Template of HTML: texts are escaped, HTML and lists of it are taken as they are. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (Html | string | number | readonly Html[])[]
): Html {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += render(value) + (strings[index + 1] ?? '');
  return { html: text };
}

function render(value: Html | string | number | readonly Html[]): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'html' in value ? value.html : value.map((one) => one.html).join('');
}

/** A text as HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

export const colours = {
  ink: '#1d1b18',
  muted: '#6b655c',
  line: '#ddd6ca',
  paper: '#fbf9f4',
  bar: '#0f6d74',
  up: '#b8371f',
  down: '#2a5a9c',
} as const;

const face =
  "Pretendard,-apple-system,'Apple SD Gothic Neo','Noto Sans KR','Malgun Gothic','Segoe UI',sans-serif";

/** A whole document of one column, 640 px wide. */
export function documentOf(content: {
  readonly language: string;
  readonly title: string;
  readonly body: readonly Html[];
}): string {
  const { language, title, body } = content;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
      </head>
      <body
        style="margin:0;background:${colours.paper};color:${colours.ink};font:14px/1.55 ${{ html: face }}"
      >
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
          <tr>
            <td align="center" style="padding:24px 12px">
              <table
                role="presentation"
                width="640"
                cellpadding="0"
                cellspacing="0"
                style="max-width:640px;width:100%;text-align:left"
              >
                <tr>
                  <td>${body}</td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.html;
}

/** The head of a message. */
export function headline(text: string, below: string): Html {
  return html`<h1 style="font-size:24px;line-height:1.3;font-weight:600;margin:0 0 4px">${text}</h1>
    <p style="margin:0 0 20px;color:${colours.muted}">${below}</p>`;
}

/** A section's head on its dark rule. */
export function sectionHead(text: string): Html {
  return html`<h2
    style="font-size:15px;font-weight:600;margin:24px 0 6px;padding-top:8px;border-top:1px solid ${colours.ink}"
  >
    ${text}
  </h2>`;
}

/** A paragraph. */
export function paragraph(content: Html | string): Html {
  return html`<p style="margin:0 0 12px">${content}</p>`;
}

/** A remark in small grey type. */
export function remark(content: Html | string): Html {
  return html`<p style="margin:4px 0 12px;font-size:12px;color:${colours.muted}">${content}</p>`;
}

/** A link that looks like one everywhere. */
export function link(url: string, text: string): Html {
  return html`<a href="${url}" style="color:${colours.bar}">${text}</a>`;
}

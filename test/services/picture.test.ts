import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawPicture } from '../../src/statistics/index.ts';
import { hasCode } from '../../src/base/index.ts';

const path = process.env['PATH'];
const document = (body: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"></head><body style="margin:0">${body}</body></html>`;
/** Width and height stand at byte 16 of a PNG, its signature before. */
const sizeOf = (png: Buffer): readonly number[] => {
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
};

test('a document is drawn whole at twice the density, its script is not run and its pictures are not fetched', async () => {
  const options = { executable: undefined, path, face: undefined };
  const tall = '<div style="height:1000px">매출</div><img src="http://127.0.0.1:1/x.png">';
  const script = '<script>document.body.innerHTML = "<div style=height:9000px></div>"</script>';
  const [width = 0, height = 0] = sizeOf(await drawPicture(document(tall + script), options));
  assert.equal(width, 1440);
  assert.ok(height >= 2000 && height < 3000, String(height));
});

test('a machine without a browser is told which are looked for', async () => {
  const draw = (executable?: string): Promise<Buffer> =>
    drawPicture(document(''), { executable, path: '/nowhere', face: undefined });
  await assert.rejects(
    draw(),
    (error: Error) => hasCode(error, 'browser_missing') && /chromium/.test(error.message),
  );
  await assert.rejects(draw('/nowhere/chromium'), (error) => hasCode(error, 'browser_missing'));
});

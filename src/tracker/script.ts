import { createTracker, type EarlyCall } from './index.ts';
import type { TrackerOptions } from './options.ts';

// The one tag: <script async src="https://store.example/o/o.js" data-key="…"></script>

/** Each has a file of its first letter: blockers know the long names. */
const tags = ['ga4', 'meta', 'kakao', 'naver', 'tiktok'];

const { src, dataset } = document.currentScript as HTMLScriptElement;
const { key, url, app: name, version, ...others } = dataset;
const place = (file: string): string => new URL(file, src).href;
const page = window as unknown as { octavo?: { readonly q?: readonly EarlyCall[] } };
const options = {
  ...others,
  key,
  url: url ?? place('e'),
  hash: 'hash' in dataset,
  app: { name, version },
  destinations: tags
    .filter((tag) => dataset[tag])
    .map((tag) => ({
      id: dataset[tag],
      needs: tag === 'ga4' ? 'analytics' : 'ads',
      load: () => import(/* @vite-ignore */ place(`${tag[0]}.js`)) as Promise<unknown>,
    })),
};
if (key) page.octavo = createTracker(options as unknown as TrackerOptions, page.octavo?.q) as never;

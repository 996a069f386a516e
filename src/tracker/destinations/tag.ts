/** Loads the script of a tag's maker. */
export function loadTag(window: Window & typeof globalThis, address: string): void {
  const script = window.document.createElement('script');
  script.async = true;
  script.src = address;
  window.document.head.append(script);
}

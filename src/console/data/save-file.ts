/** Gives the reader a file to keep. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes the file after this turn of its event loop.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

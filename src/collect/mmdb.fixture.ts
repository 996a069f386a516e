/** Writes a small database in MaxMind's format 2.0 (https://maxmind.github.io/MaxMind-DB), for IPv4 networks. */
export function mmdbOf(
  countries: Readonly<Record<string, string>>,
  options: { readonly type: string; readonly builtSeconds: number },
): Buffer {
  const nodes: [number, number][] = [[none, none]];
  const data: Buffer[] = [];
  let dataBytes = 0;
  for (const [network, country] of Object.entries(countries)) {
    const value = encode({ country: { iso_code: country } });
    const [address = '', bits = '32'] = network.split('/');
    const number = address.split('.').reduce((sum, quad) => sum * 256 + Number(quad), 0);
    let node = 0;
    for (let bit = 0; bit < Number(bits); bit++) {
      const side = Math.floor(number / 2 ** (31 - bit)) % 2;
      const pair = nodes[node] ?? [none, none];
      if (bit === Number(bits) - 1) pair[side] = -2 - dataBytes;
      else {
        if (pair[side] === none) pair[side] = nodes.push([none, none]) - 1;
        node = pair[side] ?? 0;
      }
    }
    data.push(value);
    dataBytes += value.length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [index, pair] of nodes.entries()) {
    for (const [side, to] of pair.entries()) {
      const record = to === none ? nodes.length : to < none ? nodes.length + 16 + (-2 - to) : to;
      tree.writeUIntBE(record, index * 6 + side * 3, 3);
    }
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: options.builtSeconds,
    database_type: options.type,
    description: { en: 'test' },
    ip_version: 4,
    languages: [],
    node_count: nodes.length,
    record_size: 24,
  });
  const marker = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}

const none = -1;

type Value = string | number | readonly never[] | { readonly [key: string]: Value };

/** Text is type 2, a map 7, an unsigned number of 32 bits 6, a list the extended type 11. */
function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    const size = text.length < 29 ? [0x40 | text.length] : [0x40 | 29, text.length - 29];
    return Buffer.concat([Buffer.from(size), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([Buffer.from([0xc4]), bytes]);
  }
  if (Array.isArray(value)) return Buffer.from([0x00, 0x04]);
  const entries = Object.entries(value);
  return Buffer.concat([
    Buffer.from([0xe0 | entries.length]),
    ...entries.flatMap(([key, one]) => [encode(key), encode(one)]),
  ]);
}

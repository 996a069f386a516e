import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { OctavoError } from '../base/index.ts';

/** Bounds of a password, in letters. */
const lettersMin = 10;
const lettersMax = 256;

const cost = { N: 2 ** 15, r: 8, p: 3 };
const keyBytes = 32;
const saltBytes = 16;
/** Passwords that are worked out at a time, and that wait; each takes 32 MiB. */
const atOnceMax = 2;
const waitingMax = 32;

/** Errors: `password_weak`. */
export function assertPassword(password: string, name: string): void {
  const { length } = Array.from(password);
  if (length < lettersMin)
    throw new OctavoError('password_weak', `it has ${length} letters, ${lettersMin} are needed`);
  if (length > lettersMax) throw new OctavoError('password_weak', `it has more than ${lettersMax} letters`);
  if (password.toLowerCase().includes(name.toLowerCase()))
    throw new OctavoError('password_weak', 'it contains the name');
}

/** `scrypt$N$r$p$salt$key`, so that a later cost can stand beside an earlier one. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether the password is the one. Without a hash it takes as long and is false, so that nobody learns
 * which names exist.
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = (hash ?? decoy).split('$');
  const expected = Buffer.from(key, 'base64url');
  const options = { N: Number(N), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), options);
  const equal = expected.length === derived.length && timingSafeEqual(expected, derived);
  return equal && hash !== undefined;
}

const decoy = `scrypt$${cost.N}$${cost.r}$${cost.p}$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(43)}`;

let running = 0;
const waiting: (() => void)[] = [];

/** Errors: `sign_in_limited` when too many wait already. */
async function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  if (running >= atOnceMax) {
    if (waiting.length >= waitingMax)
      throw new OctavoError('sign_in_limited', 'too many people sign in right now');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, keyBytes, { ...options, maxmem: 2 ** 27 }, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

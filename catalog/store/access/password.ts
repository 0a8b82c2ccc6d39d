/** Passwords of the console's accounts: argon2id, with parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane). */
import { hash, verify } from '@node-rs/argon2';
import { randomInt } from 'node:crypto';

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Without the letters and digits that are taken for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** The PHC string, salt and parameters in it. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), COST);
}

export function isPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password.normalize('NFC'));
}

/** 99 bits, in a form that can be read out: `xxxxx-xxxxx-xxxxx-xxxxx`. */
export function randomPassword(): string {
  return Array.from({ length: GROUPS }, randomGroup).join('-');
}

function randomGroup(): string {
  return Array.from({ length: GROUP_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

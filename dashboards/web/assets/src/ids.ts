// Ids as the server makes them, for what is written without it.

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** So many letters of an id are its time. */
const OF_TIME = 10;

/** 48 bits of time, 80 of chance, in 26 letters. */
export function freshId(ms: number): string {
  const chance = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  return timeOf(ms) + chance.map((byte) => ALPHABET.charAt(byte % 32)).join('');
}

/** Whether an id was made before a time. */
export function isBefore(id: string, ms: number): boolean {
  return id.slice(0, OF_TIME) < timeOf(ms);
}

function timeOf(ms: number): string {
  const letters: string[] = [];
  for (let left = ms, place = 0; place < OF_TIME; place += 1) {
    letters.unshift(ALPHABET.charAt(left % 32));
    left = Math.floor(left / 32);
  }
  return letters.join('');
}

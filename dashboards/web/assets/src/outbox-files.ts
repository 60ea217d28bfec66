// The documents of what waits (./outbox): too large for where its words lie, so each lies in the phone's database, under the id of its letter
// and the name of its reader. A phone that cannot keep one says so; the words wait all the same.

import { isBefore } from './ids';

const NAME = 'outbox';
const STORE = 'files';
/** A document lies here before its letter does: for longer than a phone takes to write the letter. */
const WRITING_MS = 60 * 1000;

/** A document as its form would send it. */
export interface Enclosure {
  field: string;
  name: string;
  file: Blob;
}

/** Keeps a document; false where the phone cannot. */
export async function keepFile(key: string, enclosure: Enclosure): Promise<boolean> {
  try {
    await inStore('readwrite', (files) => files.put(enclosure, key));
    return true;
  } catch (_refused) {
    return false;
  }
}

export async function fileOf(key: string): Promise<Enclosure | null> {
  try {
    return ((await inStore('readonly', (files) => files.get(key))) as Enclosure | undefined) || null;
  } catch (_refused) {
    return null;
  }
}

/** Lets go of every document but these of one reader, and those whose letters are just being written. */
export async function keepFilesOf(reader: string, keys: string[]): Promise<void> {
  try {
    const known = ((await inStore('readonly', (files) => files.getAllKeys())) as IDBValidKey[]).map(String);
    const isOver = (key: string) => key.indexOf(reader) !== 0 || (keys.indexOf(key) < 0 && isBefore(key.slice(reader.length), Date.now() - WRITING_MS));
    await Promise.all(known.filter(isOver).map((key) => inStore('readwrite', (files) => files.delete(key))));
  } catch (_refused) {
    return;
  }
}

async function inStore(mode: IDBTransactionMode, work: (files: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await open();
  return new Promise((done, refuse) => {
    const transaction = database.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => {
      database.close();
      done(request.result);
    };
    transaction.onabort = transaction.onerror = () => {
      database.close();
      refuse(transaction.error);
    };
  });
}

function open(): Promise<IDBDatabase> {
  return new Promise((done, refuse) => {
    const request = window.indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => done(request.result);
    request.onerror = request.onblocked = () => refuse(request.error);
  });
}

/**
 * What other programs do to the storage of a site, past the library.
 *
 * @module
 */

/** How a test names where a database lives. */
export type Storage = 'indexedDB' | 'opfs';

interface SyncAccess {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  getSize(): number;
  close(): void;
}

interface SyncHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccess>;
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function withStore<T>(name: string, store: string, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const database = await resultOf(indexedDB.open(name));
  try {
    return await work(database.transaction(store, 'readwrite').objectStore(store));
  } finally {
    database.close();
  }
}

async function folder(name: string, create = false): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create });
}

async function change(name: string, file: string, edit: (access: SyncAccess) => void): Promise<void> {
  const handle = (await (await folder(name, true)).getFileHandle(file, { create: true })) as SyncHandle;
  const access = await handle.createSyncAccessHandle();
  edit(access);
  access.close();
}

/** Takes the writer's lock by force. */
export async function stealLock(storage: Storage, name: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const lock = `arborist-mesh ${storage.toLowerCase()} ${name}`;
    void navigator.locks.request(lock, { steal: true }, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
}

/** Writes to an IndexedDB database as a second writer would. */
export async function tamper(_: Storage, name: string): Promise<void> {
  await withStore(name, 'state', async (store) => {
    const state = await resultOf(store.get('arborist-mesh'));
    await resultOf(store.put({ ...state, generation: state.generation + 1 }, 'arborist-mesh'));
  });
}

/** Puts something else under the name. */
export async function makeForeign(storage: Storage, name: string): Promise<void> {
  if (storage === 'opfs') {
    await change(name, 'photo.jpg', (access) => access.write(Uint8Array.of(1, 2, 3), { at: 0 }));
    return;
  }
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => request.result.createObjectStore('photos').put('oak', 1);
  (await resultOf(request)).close();
}

/** Overwrites the middle of what is stored, in each copy of it. */
export async function damage(storage: Storage, name: string): Promise<void> {
  const noise = new Uint8Array(16_384).fill(0xa5);
  if (storage === 'opfs') {
    for (const file of ['image-a', 'image-b']) {
      await change(name, file, (access) => access.write(noise, { at: 20_480 }));
    }
    return;
  }
  await withStore(name, 'blocks', async (store) => {
    const keys = await resultOf(store.getAllKeys(IDBKeyRange.bound([1], [2])));
    await Promise.all(keys.map((key) => resultOf(store.put(noise, key))));
  });
}

/** Damages what was written last, and leaves what only the image before needs. */
export async function damageLatest(storage: Storage, name: string): Promise<void> {
  const noise = new Uint8Array(4_096).fill(0xa5);
  if (storage === 'opfs') {
    const generations: bigint[] = [];
    for (const file of ['image-a', 'image-b']) {
      await change(name, file, (access) => {
        const header = new Uint8Array(24);
        access.read(header, { at: 0 });
        generations.push(new DataView(header.buffer).getBigUint64(16));
      });
    }
    const [a = 0n, b = 0n] = generations;
    await change(name, a > b ? 'image-a' : 'image-b', (access) => access.write(noise, { at: 8_192 }));
    return;
  }
  await withStore(name, 'blocks', async (store) => {
    const keys = (await resultOf(store.getAllKeys())) as unknown as [number, number][];
    const latest = Math.max(...keys.map(([, generation]) => generation));
    const changed = keys.filter(([, generation]) => generation === latest);
    await Promise.all(changed.map((key) => resultOf(store.put(noise, key))));
  });
}

/** What is stored, in a form to compare. */
export async function inspect(storage: Storage, name: string): Promise<unknown> {
  if (storage === 'opfs') {
    const found: [string, number, string][] = [];
    for await (const [file, handle] of (await folder(name)).entries()) {
      const bytes = await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      found.push([file, bytes.byteLength, digest.join(' ')]);
    }
    return found.sort();
  }
  const database = await resultOf(indexedDB.open(name));
  const found: unknown[] = [database.version];
  for (const store of database.objectStoreNames) {
    const content = database.transaction(store).objectStore(store);
    const [keys, values] = [await resultOf(content.getAllKeys()), await resultOf(content.getAll())];
    found.push(store, keys, JSON.stringify(values).length);
  }
  database.close();
  return found;
}

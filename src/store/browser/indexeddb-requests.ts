/**
 * IndexedDB's requests and transactions as promises.
 *
 * @module
 */

/** The result of a request. Rejects with its `DOMException`. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when the transaction is committed. Rejects with the `DOMException` that undid it, such as `QuotaExceededError`. */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('the transaction was undone', 'AbortError'));
  });
}

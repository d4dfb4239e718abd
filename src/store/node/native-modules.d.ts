/** The parts of the runtimes' SQLite modules that are used; the installed types of Node know neither. */
declare module 'node:sqlite' {
  export const DatabaseSync: new (
    file: string,
    options: { readonly readOnly: boolean },
  ) => import('../native/native-sqlite.js').NativeDatabase;
}

declare module 'bun:sqlite' {
  export const Database: new (
    file: string,
    options: { readonly readonly: true } | { readonly readwrite: true; readonly create: false },
  ) => import('../native/native-sqlite.js').NativeDatabase;
}

/** sql.js ships this build, a CommonJS module, without types. */
declare module 'sql.js/dist/sql-wasm-inline.js' {
  function initSqlJs(): Promise<import('./sql-js.js').SqlJs>;
  export = initSqlJs;
}

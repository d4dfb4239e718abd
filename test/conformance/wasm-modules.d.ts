/** What a bundler or workerd makes of importing a `.wasm` file. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export = module;
}

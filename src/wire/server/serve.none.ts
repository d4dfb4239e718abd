/**
 * Where there is no way to listen: web pages, workers. A worker that is called with requests uses `createMeshHandler`.
 *
 * @module
 */
import { MeshError } from '../../errors.js';
import type { MeshDatabase } from '../../store/database.js';
import type { RunningServer, ServeOptions } from './serve-options.js';

/** @throws MeshError `no-server` */
export async function serveMesh(_db: MeshDatabase, _options: ServeOptions = {}): Promise<RunningServer> {
  throw new MeshError('no-server', 'this runtime cannot listen; call createMeshHandler(db) with each request');
}

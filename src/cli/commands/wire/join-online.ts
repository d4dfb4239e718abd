/**
 * `join` over the network: the request is handed in where the invite says, and the welcome is waited for.
 *
 * @module
 */
import { type MeshDatabase, MeshError, meshStatus } from '../../../index.js';
import { inviteUrls, type JoinProgress, joinGroup, waitingJoin } from '../../../wire/index.js';
import type { CommandCall } from '../../command-call.js';
import { displayText, shortId } from '../../format.js';

/** Where an invite says that the group can be reached; nowhere if it is none, which `join` itself tells. */
export function inviteAddresses(invite: Uint8Array): readonly string[] {
  try {
    return inviteUrls(invite);
  } catch (error) {
    if (error instanceof MeshError) return [];
    throw error;
  }
}

/** Tells each step once. */
function teller(call: CommandCall): (progress: JoinProgress) => void {
  let last = '';
  return ({ state, memberId, fingerprint, problem }) => {
    const text =
      problem !== null
        ? `${problem.message}; trying again`
        : state === 'waiting'
          ? `Waiting for an admin to run: arborist mesh approve ${fingerprint}`
          : state === 'asking'
            ? `You are ${displayText(memberId)}; the fingerprint of your request is ${fingerprint}.`
            : 'The welcome comes.';
    if (text !== last) void call.remark(text);
    last = text;
  };
}

async function join(db: MeshDatabase, invite: Uint8Array, options: Parameters<typeof joinGroup>[2]) {
  let request: Uint8Array | undefined;
  let fingerprint = '';
  const accepted = await joinGroup(db, invite, {
    ...options,
    onProgress: (progress) => {
      request ??= waitingJoin(db)?.request;
      fingerprint = progress.fingerprint;
      options?.onProgress?.(progress);
    },
  });
  return { ...accepted, request, fingerprint };
}

/** Joins, or goes on joining, with an invite that names a URL. */
export async function joinOnline(
  call: CommandCall,
  invite: Uint8Array,
  options: { readonly memberId?: string },
  newPassphrase: boolean,
): Promise<void> {
  const signal = call.io.interruption();
  const onProgress = teller(call);
  const { request, fingerprint, memberId, groupName, groupId, epoch } = await call.withDatabase(
    'create',
    async (db) => ({ ...(await join(db, invite, { ...options, signal, onProgress })), memberId: nameIn(db) }),
    { newPassphrase },
  );
  await call.answer({ request, memberId, fingerprint }, () => [
    `Joined ${displayText(groupName)} (${shortId(groupId)}) in epoch ${epoch}.`,
  ]);
  await call.remark('The mesh is off until you run: arborist mesh enable');
}

function nameIn(db: MeshDatabase): string {
  return meshStatus(db).memberId ?? '';
}

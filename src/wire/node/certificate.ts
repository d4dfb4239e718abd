/**
 * The certificate of a server that was given none: self-signed, made on first use, and kept in the database, its private
 * key sealed like every other secret where the database has a passphrase. Who trusts it does so by its hash, which
 * endpoint records and invites carry; so the names in it say nothing, and nobody signs it.
 *
 * @module
 */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { base64urlDecode, base64urlEncode } from '../../codec/base64url.js';
import type { MeshDatabase } from '../../store/database.js';

/** How long a certificate is good, and how long before its end a new one is made, in seconds. */
const LIFETIME = 10 * 366 * 24 * 60 * 60;
const RENEWAL = 366 * 24 * 60 * 60;

const PRIVATE_KEY = { table: 'mesh_certificate', column: 'private_key', row: 1 } as const;

/** A certificate and its key, as Node's TLS wants them. */
export interface ServerCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. Secret. */
  readonly key: string;
  /** 32 bytes: the SHA-256 of the certificate. */
  readonly certPin: Uint8Array;
}

/** The SHA-256 of a certificate: what is pinned. */
function pinOf(der: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(der).digest());
}

/** A certificate of the user's as it is pinned: the first one in the PEM text. */
export function pinOfPem(pem: string | Uint8Array): Uint8Array {
  return pinOf(new Uint8Array(new X509Certificate(pem).raw));
}

interface MadeCertificate {
  readonly certificate: Uint8Array;
  /** 32 bytes: the P-256 scalar. */
  readonly scalar: Uint8Array;
}

/** Makes a P-256 key pair and a certificate of it. The library for that is loaded here, where it is needed. */
async function makeCertificate(now: number): Promise<MadeCertificate> {
  const { AttributeTypeAndValue, Certificate, getRandomValues } = await import('pkijs');
  const { Integer, Utf8String } = await import('asn1js');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const name = () => new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: 'arborist-mesh' }) });
  const certificate = new Certificate();
  certificate.version = 2;
  const serial = getRandomValues(new Uint8Array(16));
  // A positive integer of 16 bytes (RFC 5280 §4.1.2.2).
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  certificate.serialNumber = new Integer({ valueHex: serial.buffer });
  certificate.issuer.typesAndValues.push(name());
  certificate.subject.typesAndValues.push(name());
  // From a day ago on, for clocks that are behind.
  certificate.notBefore.value = new Date((now - 86_400) * 1_000);
  certificate.notAfter.value = new Date((now + LIFETIME) * 1_000);
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  await certificate.sign(privateKey, 'SHA-256');
  const { d } = await crypto.subtle.exportKey('jwk', privateKey);
  return {
    certificate: new Uint8Array(certificate.toSchema(true).toBER(false)),
    scalar: base64urlDecode(d ?? '', 'the private key'),
  };
}

function pem(label: string, der: Uint8Array): string {
  const text = base64urlEncode(der).replaceAll('-', '+').replaceAll('_', '/');
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  return `-----BEGIN ${label}-----\n${padded.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`;
}

/** The private key as PEM, from its scalar and the public key in the certificate. */
function keyPem(certificate: Uint8Array, scalar: Uint8Array): string {
  const publicKey = new X509Certificate(certificate).publicKey.export({ format: 'jwk' });
  const key = createPrivateKey({ format: 'jwk', key: { ...publicKey, d: base64urlEncode(scalar) } });
  return key.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/**
 * This database's own certificate; a new one where there is none, or it ends within a year.
 *
 * @throws MeshError `secrets-locked`
 */
export async function ownCertificate(db: MeshDatabase): Promise<ServerCertificate> {
  const row = db.sql.get('SELECT certificate, private_key, expires FROM mesh_certificate WHERE id = 1');
  if (row !== undefined && (row.expires as number) > db.now() + RENEWAL) {
    const certificate = row.certificate as Uint8Array;
    const scalar = db.secrets.open(PRIVATE_KEY, row.private_key);
    return { cert: pem('CERTIFICATE', certificate), key: keyPem(certificate, scalar), certPin: pinOf(certificate) };
  }
  db.secrets.requireOpen();
  const { certificate, scalar } = await makeCertificate(db.now());
  db.sql.run(
    `INSERT INTO mesh_certificate (id, certificate, private_key, expires) VALUES (1, ?1, ?2, ?3)
     ON CONFLICT (id) DO UPDATE SET certificate = ?1, private_key = ?2, expires = ?3`,
    [certificate, db.secrets.seal(PRIVATE_KEY, scalar), db.now() + LIFETIME],
  );
  return { cert: pem('CERTIFICATE', certificate), key: keyPem(certificate, scalar), certPin: pinOf(certificate) };
}

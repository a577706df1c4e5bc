/** Reads where a mail server is and how to log in to it. The URL may hold a password, so no error repeats any of it. */
import { KalciferError } from '../../kalcifer-error.ts';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** TLS before anything else is said; never is a password sent in the clear over a network. */
  readonly requireTLS: boolean;
  readonly tls: { readonly rejectUnauthorized: boolean };
  readonly auth?: { readonly user: string; readonly pass: string };
}

/** @throws KalciferError `smtp.url` */
export function parseSmtpUrl(url: string): SmtpServer {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isSmtp = parsed?.protocol === 'smtp:' || parsed?.protocol === 'smtps:';
  if (parsed === undefined || !isSmtp || parsed.hostname === '') {
    throw new KalciferError(
      'smtp.url',
      'The address of the mail server is not one like smtp://localhost:1025 or smtps://user:password@mail.example.com.',
    );
  }
  const { hostname, username, password } = parsed;
  const secure = parsed.protocol === 'smtps:';
  const isHere = loopback.has(hostname);
  const hasAuth = username !== '';
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? (secure ? 465 : 587) : Number(parsed.port),
    secure,
    requireTLS: hasAuth && !secure && !isHere,
    // On this machine nobody stands in between, and mail catchers sign their own certificates.
    tls: { rejectUnauthorized: !isHere },
    ...(hasAuth
      ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }
      : {}),
  };
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

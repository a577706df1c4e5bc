import { describe, expect, it } from 'vitest';
import { parseSmtpUrl } from '../../../lib/adapters/local/smtp-url.ts';

describe('parseSmtpUrl', () => {
  it('reads host and port, and trusts this machine', () => {
    expect(parseSmtpUrl('smtp://localhost:1025')).toEqual({
      host: 'localhost',
      port: 1025,
      secure: false,
      requireTLS: false,
      tls: { rejectUnauthorized: false },
    });
    expect(parseSmtpUrl('smtp://[::1]:1025').host).toBe('::1');
  });

  it('logs in over a network only where the connection is encrypted', () => {
    expect(parseSmtpUrl('smtp://ada%40x:p%2Fw@mail.example.com')).toEqual({
      host: 'mail.example.com',
      port: 587,
      secure: false,
      requireTLS: true,
      tls: { rejectUnauthorized: true },
      auth: { user: 'ada@x', pass: 'p/w' },
    });
    expect(parseSmtpUrl('smtps://ada:pw@mail.example.com')).toMatchObject({
      port: 465,
      secure: true,
      requireTLS: false,
    });
  });

  it.each(['', 'localhost:1025', 'http://ada:secret@mail', 'smtp://', 'smtp//ada:secret@mail'])(
    'refuses %j without repeating it',
    (url) => {
      expect(() => parseSmtpUrl(url)).toThrow(
        expect.objectContaining({
          code: 'smtp.url',
          message:
            'The address of the mail server is not one like smtp://localhost:1025 or smtps://user:password@mail.example.com.',
        }),
      );
    },
  );
});

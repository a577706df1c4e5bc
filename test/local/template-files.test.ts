import { describe, expect, it } from 'vitest';
import { parseTemplateFile, readTemplateFiles } from '../../lib/local/template-files.ts';

describe('parseTemplateFile', () => {
  it('reads channel and subject from the front matter, and the rest as the body', () => {
    expect(
      parseTemplateFile(
        'hi',
        '---\nchannel: email\nsubject: Hi: {{ customer.name }}\n---\n<p>Hi</p>\n',
      ),
    ).toEqual({
      id: 'hi',
      channel: 'email',
      subject: 'Hi: {{ customer.name }}',
      body: '<p>Hi</p>\n',
    });
  });

  it('takes a file without front matter as a body', () => {
    expect(parseTemplateFile('hi', 'Hello\n---\n')).toEqual({ id: 'hi', body: 'Hello\n---\n' });
  });

  it('refuses front matter that it does not know, by its line', () => {
    expect(() => parseTemplateFile('hi', '---\nsubjct: Hi\n---\nHello')).toThrow(
      'the front matter line "subjct: Hi" is not one of',
    );
  });
});

describe('readTemplateFiles', () => {
  it('reads the templates of the sample journeys, each with a channel and a subject', async () => {
    const templates = await readTemplateFiles('templates');
    expect(templates.map(({ id }) => id)).toEqual([
      'cart-coupon',
      'cart-free-shipping',
      'cart-reminder',
      'last-offer',
      'we-miss-you',
      'welcome-reminder',
      'welcome',
    ]);
    for (const { channel, subject } of templates) {
      expect(channel).toBe('email');
      expect(subject).not.toBe('');
    }
  });
});

import { describe, expect, it } from 'vitest';
import { checkTemplateFile, parseTemplateFile } from '../../../lib/engine/sends/template-file.ts';

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

  it.each([
    [
      'subject: {{ customer.name | default: "you" }}, hi',
      '{{ customer.name | default: "you" }}, hi',
    ],
    ['subject: "Hi, {{ customer.name }}"', 'Hi, {{ customer.name }}'],
    ["subject: 'Hi: # {{ customer.name }}'", 'Hi: # {{ customer.name }}'],
    ['subject: >-\n  Hi\n  there', 'Hi there'],
    ['# a remark\nsubject: Hi # a remark', 'Hi'],
    ['subject: {{ a }} # no remark', '{{ a }} # no remark'],
  ])('reads the front matter as YAML in which Liquid needs no quotes: %s', (head, subject) => {
    expect(parseTemplateFile('hi', `---\n${head}\n---\nHello`)).toEqual({
      id: 'hi',
      subject,
      body: 'Hello',
    });
  });

  it('takes empty front matter, and lines that end as on Windows', () => {
    expect(parseTemplateFile('hi', '---\n---\nHello')).toEqual({ id: 'hi', body: 'Hello' });
    expect(parseTemplateFile('hi', '---\r\nchannel: sms\r\n---\r\nHello\r\n')).toEqual({
      id: 'hi',
      channel: 'sms',
      body: 'Hello\r\n',
    });
  });

  it('refuses front matter that it does not know, each problem by its line', () => {
    expect(() => parseTemplateFile('hi', '---\nsubjct: Hi\nchannel: 5\n---\nHello')).toThrow(
      expect.objectContaining({
        code: 'template.front_matter',
        problems: [
          {
            code: 'template.front_matter',
            message: 'line 2: "subjct" is not one of "channel: ..." and "subject: ..."',
          },
          { code: 'template.front_matter', message: 'line 3: the channel is not a text' },
        ],
      }),
    );
    expect(() => parseTemplateFile('hi', '---\nchannel: sms\nsubject: a: b\n---\nHello')).toThrow(
      /line 3: Nested mappings/,
    );
    expect(() => parseTemplateFile('hi', '---\n- Hi\n---\nHello')).toThrow(
      /line 2: it is not one of/,
    );
  });
});

describe('checkTemplateFile', () => {
  it('tells what is wrong with the texts by the lines of the file', () => {
    const text = '---\nchannel: email\nsubject: Hi\n---\n<p>\n{{ user.name }}\n';
    expect(checkTemplateFile('hi', text).map(({ message }) => message)).toEqual([
      expect.stringContaining('the body reads "user" on line 6'),
    ]);
    expect(checkTemplateFile('hi', '{{ user.name }}')[0]?.message).toContain('on line 1');
    expect(checkTemplateFile('hi', '---\nbody: x\n---\n')[0]?.code).toBe('template.front_matter');
    expect(checkTemplateFile('hi', text.replace('user', 'customer'))).toEqual([]);
  });
});

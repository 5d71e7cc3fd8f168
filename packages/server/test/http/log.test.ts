import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../src/http/log.ts';

function logged(format: 'json' | 'text', detail: Record<string, unknown>): string {
  let text = '';
  const log = createLog('info', format, { write: (line) => (text += line) });
  log('debug', 'unseen', {});
  log('warn', 'seen', detail);
  return text;
}

test('a secret under its usual name is masked, at the top and one level below', () => {
  const secret = 'hunter2-hunter2';
  const detail = {
    password: secret,
    jwt: secret,
    user: 'ada',
    request: { authorization: secret, cookie: secret },
  };
  for (const format of ['json', 'text'] as const) {
    const text = logged(format, detail);
    assert.ok(!text.includes(secret), text);
    assert.ok(text.includes('ada') && text.includes('[secret]'), text);
  }
});

test('an event is one line of JSON with level, time and message; below the level there is none', () => {
  const entry = JSON.parse(logged('json', { count: 1 }));
  assert.deepEqual(Object.keys(entry).sort(), ['count', 'level', 'msg', 'time']);
  assert.deepEqual([entry.level, entry.msg], ['warn', 'seen']);
  assert.equal(new Date(entry.time).toISOString(), entry.time);
});

test('for a terminal an event is one line of text', () => {
  assert.match(logged('text', { count: 1, why: 'x' }), /^\d\d:\d\d:\d\d warn {2}seen count=1 why=x\n$/);
});

test('a line break in what was sent does not begin a line of the log', () => {
  assert.equal(logged('json', { name: 'a\n{"level":"info"}' }).trimEnd().split('\n').length, 1);
  assert.equal(logged('text', { name: 'a\nb', other: ['\u001b[31m\u009b'] }).match(/\p{Cc}/gu)?.length, 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '../../src/http/metrics.ts';

test('requests are counted by route and status, and their durations in buckets that add up', async () => {
  const metrics = new Metrics();
  const meter = metrics.meter({ dialect: 'x', method: 'GET', route: '/a"b' });
  metrics.meter({ dialect: 'x', method: 'GET', route: '/never' });
  for (const durationMs of [0.2, 1, 1.1, 9_999]) meter.count(200, durationMs);
  meter.count(404, 3);
  metrics.add({ name: 'waiting', help: 'Waiting.', type: 'gauge', read: () => 7 });
  const { text } = await metrics.text();
  const labels = 'dialect="x",method="GET",route="/a_b"';
  const lines = text.split('\n');
  for (const line of [
    `tessera_http_requests_total{${labels},status="200"} 4`,
    `tessera_http_requests_total{${labels},status="404"} 1`,
    `tessera_http_request_duration_seconds_bucket{${labels},le="0.001"} 2`,
    `tessera_http_request_duration_seconds_bucket{${labels},le="0.0025"} 3`,
    `tessera_http_request_duration_seconds_bucket{${labels},le="5"} 4`,
    `tessera_http_request_duration_seconds_bucket{${labels},le="+Inf"} 5`,
    `tessera_http_request_duration_seconds_count{${labels}} 5`,
    'waiting 7',
  ])
    assert.ok(lines.includes(line), line);
  assert.ok(!text.includes('/never"'), 'a route nobody asked for has no line');
  assert.match(text, /process_cpu_seconds_total/);
});

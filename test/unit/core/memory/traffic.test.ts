import { expect, test } from 'vitest';
import { TrafficMeter, trafficText } from '#core/memory/remote/traffic.ts';

test.each([
  [{ requests: 14, bytes: 7_654_604, size: 5_905_580_032, waiting: 0 }, '14 requests, 7.3 MB of 5.5 GB'],
  [{ requests: 1, bytes: 524_288, size: 734_003_200, waiting: 2 }, '1 request, 512 KB of 700 MB, waiting for the server'],
  [{ requests: 1200, bytes: 3 * 2 ** 30, size: 2 ** 30, waiting: 0 }, '1,200 requests, 3 GB in all of a file of 1 GB'],
])('%o', (traffic, text) => {
  expect(trafficText(traffic)).toBe(text);
});

test('each change is told, with all that was added so far', () => {
  const meter = new TrafficMeter();
  const told: unknown[] = [];
  meter.onChange = () => told.push(meter.traffic);
  meter.add({ requests: 1 });
  meter.add({ bytes: 5 });
  meter.add({ size: 7, bytes: 1 });
  expect(told).toEqual([
    { requests: 1, bytes: 0, size: 0, waiting: 0 },
    { requests: 1, bytes: 5, size: 0, waiting: 0 },
    { requests: 1, bytes: 6, size: 7, waiting: 0 },
  ]);
});

import { addressOfUrl, hostAndPort } from './host-and-port.ts';

describe('the address that a URL means', () => {
  it.each([
    ['https://up.example/a', 'up.example', 443],
    ['http://up.example', 'up.example', 80],
    ['http://user:word@[2001:db8::1]:3128', '2001:db8::1', 3128],
    ['https://[2001:db8::1]/', '2001:db8::1', 443],
    ['https://10.0.0.1:8531', '10.0.0.1', 8531],
  ])('%s is %s port %i', (url, host, port) => {
    expect(addressOfUrl(new URL(url))).toEqual({ host, port });
  });

  it('is written with an IPv6 address in brackets', () => {
    expect([hostAndPort('up.example', 80), hostAndPort('2001:db8::1', 80)]).toEqual([
      'up.example:80',
      '[2001:db8::1]:80',
    ]);
  });
});

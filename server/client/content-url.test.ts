import { Config } from '../../config/schema.ts';
import type { Call } from '../soap/implementation.ts';
import { contentUrl } from './content-url.ts';

const SHA1 = 'aa00000000000000000000000000000000000bcd';
const PATH = '/Content/CD/AA00000000000000000000000000000000000BCD.cab';
const file = { sha1: SHA1, extension: '.cab', contentState: 'present', muUrl: 'http://cdn.example/f.cab' };

const urlFor = (host: string, isHttps: boolean, listeners: object = {}): string => {
  const call: Call = { remoteAddress: '10.0.0.7', host, isHttps, soapVersion: '1.1' };
  return contentUrl(Config.parse({ listeners }), call, file);
};

const http = (port: number) => ({ port, protocol: 'http' });
const https = (port: number) => ({ port, protocol: 'https' });

describe('the URL of a file', () => {
  it('is on the host, port and protocol that the agent already speaks to, where content is served there too', () => {
    expect(urlFor('wsus.example:8530', false)).toBe(`http://wsus.example:8530${PATH}`);
    expect(urlFor('10.0.0.1:8531', true)).toBe(`https://10.0.0.1:8531${PATH}`);
    expect(urlFor('[fd00::1]:8530', false)).toBe(`http://[fd00::1]:8530${PATH}`);
  });

  it('names no port where the agent named none', () => {
    const standard = { client: [http(80)], content: [http(80)] };
    expect(urlFor('wsus.example', false, standard)).toBe(`http://wsus.example${PATH}`);
    expect(urlFor('[fd00::1]', false, standard)).toBe(`http://[fd00::1]${PATH}`);
  });

  it('is on the port of the content listener where that is another', () => {
    const apart = { client: [https(8531)], content: [http(8080)] };
    expect(urlFor('wsus.example:8531', true, apart)).toBe(`http://wsus.example:8080${PATH}`);
    expect(urlFor('[fd00::1]:8531', true, apart)).toBe(`http://[fd00::1]:8080${PATH}`);
  });

  it('keeps to the protocol of the call where content has both', () => {
    const apart = { client: [https(8531)], content: [http(8080), https(8443)] };
    expect(urlFor('wsus.example:8531', true, apart)).toBe(`https://wsus.example:8443${PATH}`);
  });

  it('tells a client port that serves content from one that does not', () => {
    const mixed = { client: [http(8530), http(9000)], content: [http(8530)] };
    expect(urlFor('wsus.example:8530', false, mixed)).toBe(`http://wsus.example:8530${PATH}`);
    expect(urlFor('wsus.example:9000', false, mixed)).toBe(`http://wsus.example:8530${PATH}`);
  });

  it('follows a port that is forwarded to us, or that the system chose', () => {
    const chosen = { client: [http(0)], content: [http(0)] };
    expect(urlFor('127.0.0.1:40123', false, chosen)).toBe(`http://127.0.0.1:40123${PATH}`);
    expect(urlFor('updates.example', false)).toBe(`http://updates.example${PATH}`);
  });

  it('is the one that the upstream named where content is not kept here', () => {
    const call: Call = {
      remoteAddress: '10.0.0.7',
      host: 'wsus.example:8530',
      isHttps: false,
      soapVersion: '1.1',
    };
    const config = Config.parse({ content: { store: 'none' } });
    const absent = { ...file, contentState: 'absent' };
    expect(contentUrl(config, call, absent)).toBe('http://cdn.example/f.cab');
    expect(contentUrl(config, call, file)).toBe(`http://wsus.example:8530${PATH}`);
    expect(contentUrl(config, call, { ...absent, muUrl: undefined })).toBe(`http://wsus.example:8530${PATH}`);
  });
});

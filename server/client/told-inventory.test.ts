/** What a computer tells of itself in its calls is what an administrator sees of it ([MS-WUSP] 2.2.2.2.3). */
import { computerDetails } from '../../catalog/store/computers/computer-details.ts';
import type { ComputerDetails } from '../../protocol/console/computers.ts';
import { ClientServices } from '../../scripts/testing/client-services.ts';
import { COMPUTER_INFO, TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const MINUTE = 60_000;
const LAPTOP = { ...COMPUTER_INFO, BiosName: 'Phoenix', BiosVersion: 'F.0D' };

const shown = ({ db }: ClientServices): ComputerDetails => computerDetails(db, PC, String);

describe('what a computer tells of itself', () => {
  it('is shown once it has registered: its system, its make, its BIOS, its agent and its address', async () => {
    const agent = new TestAgent(new ClientServices(), PC);
    await agent.getConfig();
    await agent.getCookie();
    await agent.register(LAPTOP);
    expect(shown(agent.server)).toMatchObject({
      computerId: PC,
      dnsName: 'pc1.corp.example',
      ipAddress: '10.0.0.7',
      osDescription: 'Windows 11 Enterprise',
      osVersion: '10.0.26100',
      manufacturer: 'Contoso',
      model: 'Desk 7',
      biosName: 'Phoenix',
      biosVersion: 'F.0D',
      biosReleaseDate: '2025-03-14T00:00:00',
      processorArchitecture: 'AMD64',
      clientVersion: '10.0.26100.7171',
      firstContact: '2026-11-10T18:00:00.000Z',
      lastContact: '2026-11-10T18:00:00.000Z',
    });
  });

  it('is shown as it told it last', async () => {
    const agent = await new TestAgent(new ClientServices(), PC).enrol();
    await agent.register({
      ...LAPTOP,
      DnsName: 'pc2.corp.example',
      OSBuildNumber: 26_200,
      BiosVersion: 'F.0E',
      ClientVersionQfeNumber: 7_200,
    });
    expect(shown(agent.server)).toMatchObject({
      dnsName: 'pc2.corp.example',
      osVersion: '10.0.26200',
      biosVersion: 'F.0E',
      clientVersion: '10.0.26100.7200',
    });
  });

  it('has the times of its last scan, as it reported it, and of its last report, as it came', async () => {
    const agent = await new TestAgent(new ClientServices(), PC).enrol();
    expect(shown(agent.server)).not.toHaveProperty('lastScan');
    expect(shown(agent.server)).not.toHaveProperty('lastReport');
    agent.server.clock.time += 10 * MINUTE;
    const scanned = agent.event({ eventId: 147, at: '2026-11-10T18:07:00Z', instanceId: PC });
    await agent.report('2026-11-10T18:10:00Z', scanned);
    expect(shown(agent.server)).toMatchObject({
      lastScan: '2026-11-10T18:07:00.000Z',
      lastReport: '2026-11-10T18:10:00.000Z',
    });
  });
});

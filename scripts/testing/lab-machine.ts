/** A computer as most tests of agents need one. */
import type { MachineProfile } from '../agent/machine.ts';

export const LAB_MACHINE: MachineProfile = {
  computerId: 'b7f0a8a4-3f8e-4f6e-9a6c-000000000001',
  dnsName: 'lab-01.example.test',
  manufacturer: 'Contoso',
  model: 'LaptopPro 14',
  biosVersion: '1.17.0',
  osDescription: 'Windows 11 Pro',
  build: 26_100,
  revision: 6_500,
  productType: 1,
  architecture: 'AMD64',
  locale: 'de-DE',
};

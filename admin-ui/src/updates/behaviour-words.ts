/** What an installation does to a computer, in words; what is not known is shown as it came. */

const RESTARTS: Readonly<Record<string, string>> = {
  NeverReboots: 'Never',
  CanRequestReboot: 'May ask for one',
  AlwaysRequiresReboot: 'Always',
};

const IMPACTS: Readonly<Record<string, string>> = {
  Normal: 'Normal',
  Minor: 'Minor: no restart, no service stops',
  RequiresExclusiveHandling: 'Has to be installed alone',
};

export const restartWord = (behaviour: string): string => RESTARTS[behaviour] ?? behaviour;

export const impactWord = (impact: string): string => IMPACTS[impact] ?? impact;

/** Words for what `Intl` has none: short durations, and the moment that is now. */
const en = {
  justNow: 'just now',
  soon: 'in a moment',
  seconds: (seconds: number) => `${seconds} s`,
  minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
  hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
};

const ko: typeof en = {
  justNow: '방금',
  soon: '잠시 후',
  seconds: (seconds) => `${seconds}초`,
  minutes: (minutes, seconds) => `${minutes}분 ${seconds}초`,
  hours: (hours, minutes) => `${hours}시간 ${minutes}분`,
};

export const texts = { en, ko };

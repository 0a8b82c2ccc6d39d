/** Languages that WSUS offers, by Windows language identifier ([MS-LCID] 2.2). */
export interface Language {
  readonly id: number;
  readonly short: string;
  readonly long: string;
}

/** Identifier 0, "all languages": documents are kept with every language that they came with. */
export const ALL_LANGUAGES: Language = { id: 0, short: 'all', long: 'all' };

export const LANGUAGES: readonly Language[] = [
  { id: 1025, short: 'ar', long: 'Arabic' },
  { id: 1026, short: 'bg', long: 'Bulgarian' },
  { id: 1028, short: 'zh-tw', long: 'Chinese (Traditional)' },
  { id: 1029, short: 'cs', long: 'Czech' },
  { id: 1030, short: 'da', long: 'Danish' },
  { id: 1031, short: 'de', long: 'German' },
  { id: 1032, short: 'el', long: 'Greek' },
  { id: 1033, short: 'en', long: 'English' },
  { id: 1035, short: 'fi', long: 'Finnish' },
  { id: 1036, short: 'fr', long: 'French' },
  { id: 1037, short: 'he', long: 'Hebrew' },
  { id: 1038, short: 'hu', long: 'Hungarian' },
  { id: 1040, short: 'it', long: 'Italian' },
  { id: 1041, short: 'ja', long: 'Japanese' },
  { id: 1042, short: 'ko', long: 'Korean' },
  { id: 1043, short: 'nl', long: 'Dutch' },
  { id: 1044, short: 'no', long: 'Norwegian' },
  { id: 1045, short: 'pl', long: 'Polish' },
  { id: 1046, short: 'pt-br', long: 'Portuguese (Brazil)' },
  { id: 1048, short: 'ro', long: 'Romanian' },
  { id: 1049, short: 'ru', long: 'Russian' },
  { id: 1050, short: 'hr', long: 'Croatian' },
  { id: 1051, short: 'sk', long: 'Slovak' },
  { id: 1053, short: 'sv', long: 'Swedish' },
  { id: 1054, short: 'th', long: 'Thai' },
  { id: 1055, short: 'tr', long: 'Turkish' },
  { id: 1058, short: 'uk', long: 'Ukrainian' },
  { id: 1060, short: 'sl', long: 'Slovenian' },
  { id: 1061, short: 'et', long: 'Estonian' },
  { id: 1062, short: 'lv', long: 'Latvian' },
  { id: 1063, short: 'lt', long: 'Lithuanian' },
  { id: 1081, short: 'hi', long: 'Hindi' },
  { id: 2052, short: 'zh-cn', long: 'Chinese (Simplified)' },
  { id: 2070, short: 'pt', long: 'Portuguese (Portugal)' },
  { id: 2074, short: 'sr', long: 'Serbian' },
  { id: 3076, short: 'zh-hk', long: 'Chinese (Hong Kong S.A.R.)' },
  { id: 3082, short: 'es', long: 'Spanish' },
];

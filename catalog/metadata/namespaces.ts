/** Namespaces of update documents; what is known of them and where is in the tables of [MS-WUSP] 3.1.1.1. */

const MSUS = 'http://schemas.microsoft.com/msus/';

export const UPDATE = `${MSUS}2002/12/Update`;
export const BASE_RULES = `${MSUS}2002/12/BaseApplicabilityRules`;
export const MSI_RULES = `${MSUS}2002/12/MsiApplicabilityRules`;
export const WINDOWS_DRIVER = `${MSUS}2002/12/UpdateHandlers/WindowsDriver`;
export const CATEGORY = `${MSUS}2002/12/UpdateHandlers/Category`;

/** Whether it is one of the update metadata's own, of whatever year. */
export const isUpdateMetadata = (namespace: string): boolean => namespace.startsWith(MSUS);

/** Namespaces that every envelope may hold. */
export const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';
export const XML_SCHEMA = 'http://www.w3.org/2001/XMLSchema';
export const XML_SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

export type SoapVersion = '1.1' | '1.2';

export const ENVELOPE_NAMESPACES: Readonly<Record<SoapVersion, string>> = { '1.1': SOAP_11, '1.2': SOAP_12 };

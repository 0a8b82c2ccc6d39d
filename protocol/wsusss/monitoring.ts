/**
 * The interface that WSUS's services share with each other ([MS-WSUSSS] 3.1.4.12, WSDL 6.1 to 6.3): whether a service
 * is there. The protocols do not use it; administrators' tools do.
 */
import { boolean, complex, dateTime, int, operation, optional, required, string } from '../soap/table.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution/Server/IMonitorable';

export const MonitoredServicesResponse = complex('MonitoredServicesResponse', {
  SuccessFlag: required(boolean),
  ServicesTime: required(dateTime),
  ServicesName: optional(string),
  ServicesMachine: optional(string),
  IsHttps: required(boolean),
  RequestContentType: optional(string),
  ConfigFilePath: optional(string),
  ConfigFileProjectName: optional(string),
  ConfigFileEnvironmentName: optional(string),
  ConfigFileLastModifiedTime: required(dateTime),
  ConfigFileVersion: optional(string),
  ConfigFileNextExpirationTime: required(dateTime),
  ConfigFileExpirationModuloInMinutes: required(int),
  DatabaseInfo: optional(string),
  CustomInfo: optional(string),
});

export const Ping = operation(
  NAMESPACE,
  'Ping',
  {
    pingLevel: required(int),
  },
  {
    PingResult: optional(MonitoredServicesResponse),
  },
);

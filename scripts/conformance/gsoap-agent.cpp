// An agent made of what gSOAP generates from the server's own ?wsdl: GetConfig, GetAuthorizationCookie, GetCookie,
// RegisterComputer, SyncUpdates, and one SyncUpdates with a cookie that was altered. Prints what it was answered as
// JSON; ends with status 1 and gSOAP's own words where an answer does not fit the generated types.
//
// usage: gsoap-agent http://host:port
#include <cstdio>
#include <cstdlib>
#include <string>
#include "ClientSoap.nsmap"
#include "soapH.h"

static struct soap *context;

static void require(int status, const char *call) {
  if (status == SOAP_OK) return;
  std::fprintf(stderr, "%s: ", call);
  soap_print_fault(context, stderr);
  std::exit(1);
}

template <typename T> static T *present(T *part, const char *name) {
  if (part != nullptr) return part;
  std::fprintf(stderr, "the answer has no %s\n", name);
  std::exit(1);
}

static char *text(const char *value) { return soap_strdup(context, value); }

int main(int count, char **arguments) {
  if (count != 2) return 2;
  const std::string server = arguments[1];
  const std::string client = server + "/ClientWebService/client.asmx";
  const std::string simple = server + "/SimpleAuthWebService/SimpleAuth.asmx";
  // What an answer holds that the description does not is an error here, not something to pass over.
  context = soap_new1(SOAP_XML_STRICT | SOAP_C_UTFSTRING);

  _client__GetConfig getConfig;
  getConfig.protocolVersion = text("2.90");
  _client__GetConfigResponse config;
  require(soap_call___client__GetConfig(context, client.c_str(), nullptr, &getConfig, config), "GetConfig");
  client__Config *settings = present(config.GetConfigResult, "GetConfigResult");
  client__AuthPlugInInfo *plugIn = present(settings->AuthInfo, "AuthInfo")->AuthPlugInInfo[0];

  _simple__GetAuthorizationCookie authorize;
  authorize.clientId = text("0a5c0d4e-6a4c-4b53-9d07-000000000001");
  authorize.targetGroupName = text("");
  authorize.dnsName = text("gsoap.example");
  _simple__GetAuthorizationCookieResponse authorization;
  require(
      soap_call___simple__GetAuthorizationCookie(context, simple.c_str(), nullptr, &authorize, authorization),
      "GetAuthorizationCookie");
  simple__AuthorizationCookie *proof =
      present(authorization.GetAuthorizationCookieResult, "GetAuthorizationCookieResult");

  client__AuthorizationCookie shown;
  shown.PlugInId = proof->PlugInId;
  shown.CookieData = proof->CookieData;
  client__AuthorizationCookie *list[] = {&shown};
  client__ArrayOfAuthorizationCookie cookies;
  cookies.__sizeAuthorizationCookie = 1;
  cookies.AuthorizationCookie = list;
  _client__GetCookie getCookie;
  getCookie.authCookies = &cookies;
  getCookie.lastChange = settings->LastChange;
  getCookie.currentTime = settings->LastChange;
  getCookie.protocolVersion = text("2.90");
  _client__GetCookieResponse cookie;
  require(soap_call___client__GetCookie(context, client.c_str(), nullptr, &getCookie, cookie), "GetCookie");
  client__Cookie *ticket = present(cookie.GetCookieResult, "GetCookieResult");

  client__ComputerInfo computer;
  computer.DnsName = text("gsoap.example");
  computer.OSDescription = text("Windows 11 Enterprise");
  _client__RegisterComputer registration;
  registration.cookie = ticket;
  registration.computerInfo = &computer;
  _client__RegisterComputerResponse registered;
  require(
      soap_call___client__RegisterComputer(context, client.c_str(), nullptr, &registration, registered),
      "RegisterComputer");

  client__SyncUpdateParameters parameters;
  parameters.ExpressQuery = false;
  parameters.SkipSoftwareSync = false;
  _client__SyncUpdates sync;
  sync.cookie = ticket;
  sync.parameters = &parameters;
  _client__SyncUpdatesResponse scan;
  require(soap_call___client__SyncUpdates(context, client.c_str(), nullptr, &sync, scan), "SyncUpdates");
  client__SyncInfo *found = present(scan.SyncUpdatesResult, "SyncUpdatesResult");
  client__ArrayOfUpdateInfo *updates = present(found->NewUpdates, "NewUpdates");

  sync.cookie->EncryptedData->__ptr[60] ^= 1;
  // Its own type of a fault's detail has room for one element; strictly read, four are no fault at all.
  soap_clr_mode(context, SOAP_XML_STRICT);
  _client__SyncUpdatesResponse refusal;
  const int status = soap_call___client__SyncUpdates(context, client.c_str(), nullptr, &sync, refusal);
  const char *detail = status == SOAP_OK ? nullptr : soap_fault_detail(context);

  std::printf("{\"plugIn\":\"%s\",\"newUpdates\":[", plugIn->PlugInID);
  for (int index = 0; index < updates->__sizeUpdateInfo; ++index) {
    client__UpdateInfo *update = updates->UpdateInfo[index];
    std::printf(
        "%s{\"id\":%d,\"isLeaf\":%s,\"core\":%s}", index == 0 ? "" : ",", update->ID,
        update->IsLeaf ? "true" : "false", present(update->Xml, "Xml")[0] == '<' ? "true" : "false");
  }
  std::printf(
      "],\"hasNewCookie\":%s,\"refusedAsInvalidCookie\":%s}\n", found->NewCookie != nullptr ? "true" : "false",
      detail != nullptr && std::string(detail).find("InvalidCookie") != std::string::npos ? "true" : "false");
  soap_destroy(context);
  soap_end(context);
  soap_free(context);
  return 0;
}

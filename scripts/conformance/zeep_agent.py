"""Speaks to every service of a server with what zeep makes of its ?singleWsdl, reading answers strictly.

Prints as JSON what it was answered. zeep itself fails where an answer does not fit its description.

usage: zeep_agent.py http://host:port
"""
import datetime
import json
import re
import sys

from zeep import Client, Settings
from zeep.exceptions import Fault
from zeep.plugins import HistoryPlugin
from zeep.transports import Transport

SERVER = sys.argv[1]
COMPUTER = '0a5c0d4e-6a4c-4b53-9d07-000000000002'
NOW = datetime.datetime.now(datetime.timezone.utc)
HISTORY = HistoryPlugin()
ZERO = '00000000-0000-0000-0000-000000000000'


def service(path, port='Soap'):
    client = Client(
        f'{SERVER}{path}?singleWsdl',
        settings=Settings(strict=True, xml_huge_tree=False),
        plugins=[HISTORY],
        transport=Transport(timeout=30, operation_timeout=30),
    )
    [declared] = client.wsdl.services.values()
    return client.bind(declared.name, next(name for name in declared.ports if name.endswith(port)))


def shown(authorization):
    """A cookie of one service as the other's type, which has the same fields in another namespace."""
    cookie = {'PlugInId': authorization.PlugInId, 'CookieData': authorization.CookieData}
    return {'AuthorizationCookie': [cookie]}


def identity_of(update):
    update_id, revision = re.search(r'UpdateID="([^"]+)" RevisionNumber="(\d+)"', update.Xml).groups()
    return {'UpdateID': update_id, 'RevisionNumber': int(revision)}


def refusal(call):
    """The ErrorCode of the fault that a call ends in.

    Of SOAP 1.2, zeep takes no Detail but the standard's own; this protocol's is another ([MS-WSUSSS] 2.2.9.2).
    """
    try:
        call()
    except Fault:
        return HISTORY.last_received['envelope'].findtext('.//ErrorCode')
    return 'answered'


def event(update_id=ZERO):
    return {
        'BasicData': {
            'TargetID': {'Sid': COMPUTER},
            'SequenceNumber': 0,
            'TimeAtTarget': NOW,
            'EventInstanceID': '0a5c0d4e-6a4c-4b53-9d07-0000000000e1',
            'NamespaceID': 1,
            'EventID': 147,
            'SourceID': 101,
            'UpdateID': {'UpdateID': update_id, 'RevisionNumber': 0},
            'Win32HResult': 0,
            'AppName': 'zeep',
        },
        'ExtendedData': {
            'ProcessorArchitecture': 'Amd64Compatible',
            'OSVersion': {
                'Major': 10, 'Minor': 0, 'Build': 26100, 'Revision': 0,
                'ServicePackMajor': 0, 'ServicePackMinor': 0,
            },
            'OSLocaleID': 1033,
        },
        'PrivateData': {},
    }


def agent(port):
    """The whole of what an agent asks, over one version of SOAP."""
    client = service('/ClientWebService/client.asmx', port)
    config = client.GetConfig('2.90')
    config2 = client.GetConfig2({
        'ProcessorArchitecture': 'Amd64Compatible',
        'AlwaysOnAlwaysConnected': False,
        'ProtocolVersion': '2.90',
    })
    [plug_in] = config.AuthInfo.AuthPlugInInfo
    authorization = service(f'/{plug_in.ServiceUrl}', port).GetAuthorizationCookie(COMPUTER, '', 'zeep.example')
    cookie = client.GetCookie(
        authCookies=shown(authorization),
        lastChange=config.LastChange,
        currentTime=NOW,
        protocolVersion='2.90',
    )
    client.RegisterComputer(cookie, {
        'DnsName': 'zeep.example', 'OSMajorVersion': 10, 'OSMinorVersion': 0, 'OSBuildNumber': 26100,
        'OSServicePackMajorNumber': 0, 'OSServicePackMinorNumber': 0, 'BiosReleaseDate': NOW, 'SuiteMask': 0,
        'OldProductType': 1, 'NewProductType': 48, 'SystemMetrics': 0, 'ClientVersionMajorNumber': 10,
        'ClientVersionMinorNumber': 0, 'ClientVersionBuildNumber': 26100, 'ClientVersionQfeNumber': 1,
    })
    found = client.SyncUpdates(cookie, {'ExpressQuery': False, 'SkipSoftwareSync': False})
    updates = found.NewUpdates.UpdateInfo
    ids = [update.ID for update in updates]
    extended = client.GetExtendedUpdateInfo(
        cookie=found.NewCookie,
        revisionIDs={'int': ids},
        infoTypes={'XmlUpdateFragmentType': ['Extended', 'LocalizedProperties']},
        locales={'string': ['en']},
    )
    extended2 = client.GetExtendedUpdateInfo2(
        cookie=found.NewCookie,
        updateIDs={'UpdateIdentity': [identity_of(update) for update in updates]},
        infoTypes={'XmlUpdateFragmentType': ['Extended', 'LocalizedProperties']},
        locales={'string': ['en']},
    )
    printers = client.SyncPrinterCatalog(found.NewCookie, {'int': ids}, {'int': [1_000_000]})
    locations = client.GetFileLocations(found.NewCookie, {'base64Binary': [bytes(20)]})
    categories = client.StartCategoryScan({'CategoryRelationship': [{'IndexOfAndGroup': 0, 'CategoryId': ZERO}]})
    altered = bytearray(cookie.EncryptedData)
    altered[60] ^= 1
    reporting = service('/ReportingWebService/ReportingWebService.asmx', port)
    batch = {'ReportingEvent': [event()]}
    # The reporting service has its own type of the same cookie.
    ticket = {'Expiration': cookie.Expiration, 'EncryptedData': cookie.EncryptedData}
    return {
        'sameConfiguration': config.LastChange == config2.LastChange,
        'newUpdates': [{'id': u.ID, 'isLeaf': u.IsLeaf, 'core': u.Xml.startswith('<')} for u in updates],
        'hasTexts': len(extended.Updates.Update) > 0,
        'sameByIdentity': [u.Xml for u in extended2.Updates.Update] == [u.Xml for u in extended.Updates.Update],
        'printersOutOfScope': printers.OutOfScopeRevisionIDs.int,
        'movedFiles': len((locations.FileLocations or {'FileLocation': []})['FileLocation']),
        'unknownCategories': categories.requestedCategoryIdsInError.guid,
        'refreshed': [result.RevisionID == ids[0] for result in client.RefreshCache(found.NewCookie, {
            'UpdateIdentity': [identity_of(updates[0])],
        })],
        'timestamps': client.GetTimestamps({'dateTime': [NOW]}),
        'refusals': [
            refusal(lambda: client.SyncUpdates({'Expiration': NOW, 'EncryptedData': bytes(altered)}, {
                'ExpressQuery': False, 'SkipSoftwareSync': False,
            })),
            refusal(lambda: client.GetConfig('one')),
            refusal(lambda: reporting.ReportEventBatch2('unknown', NOW, batch)),
        ],
        'reported': [
            reporting.ReportEventBatch(ticket, NOW, batch),
            reporting.ReportEventBatch2(COMPUTER, NOW, batch),
            reporting.ReportInventory(ticket, NOW, {'IsCompressed': False, 'RawXml': '<Inventory />'}),
        ],
        'requiredInventory': reporting.GetRequiredInventoryType(ticket, ZERO, '1.0'),
        'ping': reporting.Ping(1).SuccessFlag,
    }


def downstream(port):
    """What a downstream server asks first."""
    authorize = service('/DssAuthWebService/DssAuthWebService.asmx', port)
    sync = service('/ServerSyncWebService/ServerSyncWebService.asmx', port)
    [plug_in] = sync.GetAuthConfig().AuthInfo.AuthPlugInInfo
    proof = authorize.GetAuthorizationCookie('dss.example', COMPUTER, {'guid': []})
    cookie = sync.GetCookie(shown(proof), None, '1.20')
    revisions = sync.GetRevisionIdList(cookie, {'GetConfig': True, 'Get63LanguageOnly': False})
    identities = revisions.NewRevisions.UpdateIdentity[:2]
    data = sync.GetUpdateData(cookie, {'UpdateIdentity': identities})
    return {
        'plugIn': plug_in.PlugInID == proof.PlugInId,
        'languages': len(sync.GetConfigData(cookie).LanguageUpdateList.ServerSyncLanguageData) > 0,
        'documents': len(data.updates.ServerSyncUpdateData),
        'ping': [sync.Ping(1).SuccessFlag, authorize.Ping(1).SuccessFlag],
        'refusal': refusal(lambda: sync.GetConfigData({'Expiration': NOW, 'EncryptedData': b'none'})),
    }


print(json.dumps([
    {'soap': port, 'agent': agent(port), 'downstream': downstream(port)} for port in ('Soap', 'Soap12')
]))

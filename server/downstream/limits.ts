/** How much one request may ask: what GetConfigData says, and what the operations refuse ([MS-WSUSSS] 3.1.4.4.3.1). */

/** As WSUS of Windows Server 2025 says; the same for GetUpdateDecryptionData. */
export const MAXIMUM_UPDATES = 100;

/** Of drivers a WSUS says 0, since only Microsoft Update is asked for them; these are what that says. */
export const MAXIMUM_DRIVER_SETS = 100;
export const MAXIMUM_COMPUTER_IDS = 200;
export const MAXIMUM_HARDWARE_IDS = 450;

/** Products and classifications in one filter; Microsoft's catalogue has some hundreds of them. */
export const MAXIMUM_FILTERS = 5_000;

/** Bytes of documents in one answer to GetUpdateData, as Windows servers keep it ([MS-WSUSSS] 3.1.4.6, note 37). */
export const MAXIMUM_ANSWER_BYTES = 2_000_000;

/** What to do where no upstream server is configured; the log, the overview and the synchronization page all say it. */
export const HOW_TO_SET_UPSTREAM =
  "Set upstream.url and upstream.pins in the configuration file (see config/sluice.sample.yaml; `sluice upstream pin --url URL` shows the pins of a server), or `upstream: {}` for Microsoft's servers, and start the relay again.";

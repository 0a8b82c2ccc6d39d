-- What the signature of a content file says, and whether it was believed under the policy of then.
CREATE TABLE content_signature (
  sha1      TEXT    NOT NULL PRIMARY KEY REFERENCES file (sha1) ON DELETE CASCADE,
  kind      TEXT    NOT NULL,   -- by how the file begins: pe, cab, msi, wim, psf, other
  signed    TEXT    NOT NULL CHECK (signed IN ('yes', 'no', 'unsupported', 'damaged')),
  matches   INTEGER,            -- whether the file is the one that was signed; null where there is no signature to read
  signer    TEXT,               -- subject of the signer's certificate, in one line
  issuer    TEXT,
  signed_at TEXT,               -- by its timestamp, ISO 8601 UTC
  verdict   TEXT    NOT NULL,   -- TRUSTED, or the code of why not
  message   TEXT    NOT NULL,
  refused   INTEGER NOT NULL,   -- whether the policy puts the file into quarantine for it
  policy    TEXT    NOT NULL,   -- which policy judged
  judged_at TEXT    NOT NULL    -- ISO 8601 UTC
) WITHOUT ROWID;

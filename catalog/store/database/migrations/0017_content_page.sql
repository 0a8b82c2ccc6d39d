-- What the console shows of content: lists in an order, read in pages, and sums. What is absent is in none of them.
ALTER TABLE file ADD COLUMN received_at TEXT;   -- ISO 8601 UTC: when what is here came
UPDATE file SET received_at = changed_at WHERE content_state = 'present';
CREATE INDEX file_by_receipt ON file (received_at) WHERE received_at IS NOT NULL;
CREATE INDEX file_by_size ON file (content_state, size, sha1, retry_at) WHERE content_state <> 'absent';
CREATE INDEX file_by_change ON file (content_state, changed_at, sha1, retry_at) WHERE content_state <> 'absent';
CREATE INDEX file_by_turn ON file (content_state, retry_at) WHERE content_state <> 'absent';
CREATE INDEX content_signature_by_verdict ON content_signature (verdict, refused);
CREATE INDEX content_signature_by_signer ON content_signature (signer, issuer);

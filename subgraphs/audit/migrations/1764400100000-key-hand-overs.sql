-- Statements that one signing key follows another, each signed by both, beside the entry that announces it: that entry may go to the archive.
CREATE TABLE key_hand_over (
  sequence bigint PRIMARY KEY,
  note     text   NOT NULL
);
SELECT protect('key_hand_over', false);
GRANT SELECT, INSERT ON key_hand_over TO audit_app;

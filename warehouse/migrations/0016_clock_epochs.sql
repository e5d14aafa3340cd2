-- The clock of a run may be wrong, and is set right later: what was written before ranks below what
-- came after, whatever the times say. Each batch says how often the clock had been found to be set
-- back until then, and so do the rows that are ranked by time; NULL, of earlier versions, is 0.

ALTER TABLE batches ADD COLUMN clock_epoch BIGINT;
ALTER TABLE feed_states ADD COLUMN clock_epoch BIGINT;
ALTER TABLE outcomes ADD COLUMN clock_epoch BIGINT;
ALTER TABLE entries ADD COLUMN version_epoch BIGINT;

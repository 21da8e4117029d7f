// What a change recorded and a later one corrected lies in Past, and is found by the number that recorded it.
CREATE INDEX past_recorded IF NOT EXISTS FOR (past:Past) ON (past.recorded_seq);

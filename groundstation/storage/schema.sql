-- telemetry.db: samples and their rollups. Rebuilt from the journal by `groundstation redecode`.
CREATE TABLE parameters (
    id INTEGER PRIMARY KEY,
    satellite TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    UNIQUE (satellite, name)
) STRICT;

-- raw and value hold whole numbers, reals, text or null as decoded; state 0 nominal, 1 warning,
-- 2 critical, 3 invalid.
CREATE TABLE samples (
    parameter INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    raw ANY,
    value ANY,
    state INTEGER NOT NULL,
    simulated INTEGER NOT NULL,
    PRIMARY KEY (parameter, time_us, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX samples_by_seq ON samples (parameter, seq);

-- Numeric samples by buckets of a minute, an hour and a day, aligned to 1970.
CREATE TABLE rollups (
    width_us INTEGER NOT NULL,
    parameter INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    samples INTEGER NOT NULL,
    minimum REAL NOT NULL,
    maximum REAL NOT NULL,
    total REAL NOT NULL,
    PRIMARY KEY (width_us, parameter, time_us)
) STRICT, WITHOUT ROWID;

-- telemetry.db, schema 4: what the receptions of the journal mean by today's definitions.
-- Made by the interpreter, and made again by it from the journal whenever this file is lost.

-- The interpreter's place and what it was made from; see storage/telemetry/place.py
CREATE TABLE about (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

-- Every definition that was in force, by the digest of its text
CREATE TABLE definitions (
    satellite TEXT PRIMARY KEY,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The text of definitions that values were made with (JSON: texts by id, its sister's too)
CREATE TABLE sources (
    digest TEXT PRIMARY KEY,
    satellite TEXT NOT NULL,
    texts TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Packets by the definition that made them; retired: of an older one, hidden, soon dropped
CREATE TABLE packets (
    id INTEGER PRIMARY KEY,
    satellite TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    retired INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Columns of the table values_ID_PART of a packet: c0, c1, ... hold raw values, key says which
-- packet of which reception it is; see storage/telemetry/keys.py.
-- "row": which row of the packet in the definition, counted from 0
CREATE TABLE fields (
    packet INTEGER NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    PRIMARY KEY (packet, place)
) STRICT, WITHOUT ROWID;

-- Which columns the packets of one shape have (JSON: places in order)
CREATE TABLE shapes (
    packet INTEGER NOT NULL,
    shape INTEGER NOT NULL,
    places TEXT NOT NULL,
    PRIMARY KEY (packet, shape)
) STRICT, WITHOUT ROWID;

-- The newest row of each packet, by shape
CREATE TABLE newest (
    packet INTEGER NOT NULL,
    shape INTEGER NOT NULL,
    key INTEGER NOT NULL,
    PRIMARY KEY (packet, shape)
) STRICT, WITHOUT ROWID;

-- Packets that receptions brought but for their own: behind it, or joined from several receptions
CREATE TABLE further (
    key INTEGER NOT NULL,
    packet INTEGER NOT NULL,
    PRIMARY KEY (key, packet)
) STRICT, WITHOUT ROWID;
CREATE INDEX further_by_packet ON further (packet, key);

-- Whose each undamaged reception is, or why nobody's; note: why it has no packet of its own
CREATE TABLE frames (
    seq INTEGER PRIMARY KEY,
    satellite TEXT,
    packet INTEGER,
    error TEXT,
    candidates TEXT,
    evidence_bits INTEGER NOT NULL,
    simulated INTEGER NOT NULL,
    note TEXT
) STRICT;
CREATE INDEX frames_by_satellite ON frames (satellite, seq);

-- Slots of the statistics below: a parameter each; words: of the raw numbers behind words
CREATE TABLE slots (
    packet INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    name TEXT NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (packet, slot)
) STRICT, WITHOUT ROWID;

-- Packets by buckets of time, aligned to 1970. stats: for each slot four 64-bit floats: how many,
-- minimum, maximum, sum; null where there are so few rows that they are read themselves
CREATE TABLE rollups (
    packet INTEGER NOT NULL,
    width_us INTEGER NOT NULL,
    time_us INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    stats BLOB
) STRICT;
CREATE UNIQUE INDEX rollups_by_time ON rollups (packet, width_us, time_us);

-- Sinks outside, each with its place: all receptions up to it are there
CREATE TABLE sinks (
    name TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Satellites whose history a sink must take again, and up to where it has
CREATE TABLE rewrites (
    sink TEXT NOT NULL,
    satellite TEXT NOT NULL,
    seq INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (sink, satellite)
) STRICT, WITHOUT ROWID
;

-- What a sink refuses for good: left out there, named here
CREATE TABLE set_apart (
    sink TEXT NOT NULL,
    seq INTEGER NOT NULL,
    satellite TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (sink, seq, satellite)
) STRICT, WITHOUT ROWID
;

-- Alarms of satellites, made by their follower out of the values above and made again when those
-- change, and of the station, taken over from the journal (satellite: empty). What people made of
-- them is in desk.db. See groundstation/model/alarms.py
CREATE TABLE alarms (
    satellite TEXT NOT NULL,
    rule TEXT NOT NULL,
    parameter TEXT NOT NULL,
    seq INTEGER NOT NULL,
    severity TEXT NOT NULL,
    triggered_us INTEGER NOT NULL,
    raised_seq INTEGER,
    raised_us INTEGER,
    returned_seq INTEGER,
    returned_us INTEGER,
    value ANY,
    unit TEXT NOT NULL,
    low REAL,
    high REAL,
    packet TEXT NOT NULL,
    detail TEXT NOT NULL,
    simulated INTEGER NOT NULL,
    PRIMARY KEY (satellite, rule, parameter, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarms_by_time ON alarms (triggered_us);
CREATE INDEX alarms_active ON alarms (triggered_us) WHERE returned_us IS NULL;

-- How far each satellite is watched: up to seq, by which rules, and where the counting stands
CREATE TABLE watches (
    satellite TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    rules TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID

-- Chỗ ghi kết quả, cổng nào cũng như nhau. Bảng tthc.results do lệnh setup lập, theo đúng các cột của docs/results.md.
-- Where results go, the same for every portal. The command setup makes tthc.results, by the columns of docs/results.md.

CREATE SCHEMA IF NOT EXISTS tthc;

-- Mã hồ sơ vừa đổi. Không có khóa duy nhất: hai giao dịch ghi cùng mã thì cả hai dòng còn, lượt chạy chỉ xóa dòng nó đã thấy.
-- Ids of dossiers that changed. No unique key: what two transactions write stays twice, and a run deletes what it saw.
CREATE TABLE IF NOT EXISTS tthc.changed (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier_id text NOT NULL
);

CREATE TABLE IF NOT EXISTS tthc.runs (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    as_of date NOT NULL,
    known_on date NOT NULL,
    whole boolean NOT NULL,
    because text NOT NULL,
    law_digest text NOT NULL,
    law_edition integer NOT NULL,
    calendar_digest text NOT NULL,
    code_digest text NOT NULL,
    source_digest text NOT NULL,
    question text NOT NULL,
    began timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended timestamptz,
    dossiers integer,
    judged integer,
    written integer,
    removed integer,
    errors integer,
    notes integer,
    reasons jsonb
);

CREATE TABLE IF NOT EXISTS tthc.errors (
    dossier_id text PRIMARY KEY,
    error_code text NOT NULL,
    error text NOT NULL,
    look_on date NOT NULL,
    run_id bigint NOT NULL
);

CREATE TABLE IF NOT EXISTS tthc.notes (
    dossier_id text NOT NULL,
    note text NOT NULL,
    name text NOT NULL DEFAULT '',
    run_id bigint NOT NULL,
    PRIMARY KEY (dossier_id, note, name)
);

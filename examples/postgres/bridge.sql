-- Chỗ nối: tệp DUY NHẤT phải viết lại cho cổng của bạn. Khung nhìn tthc.dossiers đưa mỗi hồ sơ thành một dòng, với các
-- cột mà docs/bulk.md nêu; các trigger ghi mã hồ sơ vừa đổi vào tthc.changed. Không cột nào là dữ liệu cá nhân.
-- The bridge: the ONLY file to be rewritten for your portal. The view tthc.dossiers gives one row a dossier under the
-- columns of docs/bulk.md; triggers put the ids of dossiers that changed into tthc.changed. No column is personal.

CREATE TYPE tthc.event AS (
    kind text,
    at text,
    appointed_due timestamp,
    new_due date,
    due timestamptz,
    reason text,
    ground text,
    agency text
);

-- Việc của cổng là loại sự kiện nào của thư viện; kind trống: việc không liên quan đến thời hạn. Việc không có ở đây
-- được đưa vào với tên của nó, và được ghi chú (unknown_kind): không gì bị bỏ lặng lẽ.
-- Which event an action of the portal is; no kind: an action that has nothing to do with time. An action that is not
-- listed goes in under its own name and is noted (unknown_kind): nothing is dropped in silence.
CREATE TABLE tthc.kinds (
    hanh_dong text PRIMARY KEY,
    kind text
);

INSERT INTO tthc.kinds (hanh_dong, kind) VALUES
    ('NOP', 'dossier_submitted'),
    ('TIEP_NHAN', 'dossier_accepted'),
    ('CHUYEN_XU_LY', 'dossier_forwarded'),
    ('GIAO_BUOC', 'step_assigned'),
    ('XONG_BUOC', 'step_done'),
    ('YEU_CAU_BO_SUNG', 'supplement_requested'),
    ('DA_BO_SUNG', 'supplement_received'),
    ('TAM_DUNG', 'clock_paused'),
    ('TIEP_TUC', 'clock_resumed'),
    ('BAO_TRE_HAN', 'delay_notice_sent'),
    ('XIN_LOI', 'apology_sent'),
    ('HEN_LAI', 'reappointed'),
    ('CO_KET_QUA', 'result_issued'),
    ('TRA_KET_QUA', 'result_returned'),
    ('TU_CHOI', 'dossier_refused'),
    ('RUT_HO_SO', 'dossier_withdrawn'),
    ('IN_PHIEU', NULL);

-- observes nói cổng này ghi được loại sự kiện nào: điều cổng không ghi được thì không ai bị coi là chưa làm.
-- observes says which events this portal can record: what it cannot record is held against nobody.
CREATE VIEW tthc.dossiers AS
SELECT
    h.ma_ho_so AS dossier_id,
    h.ma_thu_tuc AS procedure,
    t.linh_vuc AS field,
    CASE h.kenh_thuc_hien WHEN 1 THEN 'in_person' WHEN 2 THEN 'online' WHEN 3 THEN 'postal'
        ELSE h.kenh_thuc_hien::text END AS channel,
    h.don_vi_giai_quyet AS "units.handling_agency",
    h.bo_phan_mot_cua AS "units.one_stop_unit",
    t.thoi_han AS "time_limit.amount",
    CASE t.loai_ngay
        WHEN 'ngày làm việc' THEN 'workday' WHEN 'ngày' THEN 'calendar_day'
        WHEN 'giờ' THEN 'work_hour' WHEN 'tháng' THEN 'month'
        ELSE t.loai_ngay
    END AS "time_limit.unit",
    ARRAY(SELECT DISTINCT k.kind FROM tthc.kinds k WHERE k.kind IS NOT NULL ORDER BY 1) AS observes,
    ARRAY(
        SELECT ROW (
            CASE WHEN k.hanh_dong IS NULL THEN l.hanh_dong ELSE k.kind END,
            coalesce(
                to_char(l.luc AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS'),
                to_char(l.ngay, 'YYYY-MM-DD')
            ),
            CASE WHEN k.kind = 'dossier_accepted' THEN h.ngay_hen_tra END,
            l.han_moi,
            l.han_buoc,
            l.ly_do,
            l.can_cu,
            l.co_quan
        )::tthc.event
        FROM cong.lich_su l LEFT JOIN tthc.kinds k USING (hanh_dong)
        WHERE l.ma_ho_so = h.ma_ho_so AND (k.hanh_dong IS NULL OR k.kind IS NOT NULL)
        ORDER BY l.stt
    ) AS events
FROM cong.ho_so h JOIN cong.thu_tuc t USING (ma_thu_tuc);

-- Hồ sơ nào vừa đổi: ghi trong chính giao dịch của cổng, nên không sót và không ghi thừa cái bị hủy.
-- Which dossiers changed: written in the portal's own transaction, so that none is missed and nothing undone is kept.
CREATE FUNCTION tthc.note_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO tthc.changed (dossier_id) SELECT DISTINCT ma_ho_so FROM moi;
    RETURN NULL;
END $$;

CREATE FUNCTION tthc.note_old() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO tthc.changed (dossier_id) SELECT DISTINCT ma_ho_so FROM cu;
    RETURN NULL;
END $$;

CREATE FUNCTION tthc.note_both() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO tthc.changed (dossier_id) SELECT ma_ho_so FROM moi UNION SELECT ma_ho_so FROM cu;
    RETURN NULL;
END $$;

CREATE FUNCTION tthc.note_procedure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO tthc.changed (dossier_id) SELECT ma_ho_so FROM cong.ho_so JOIN moi USING (ma_thu_tuc);
    RETURN NULL;
END $$;

CREATE FUNCTION tthc.note_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO tthc.changed (dossier_id)
    SELECT ma_ho_so FROM cong.ho_so UNION SELECT dossier_id FROM tthc.results UNION SELECT dossier_id FROM tthc.errors;
    RETURN NULL;
END $$;

CREATE TRIGGER tthc_new AFTER INSERT ON cong.ho_so REFERENCING NEW TABLE AS moi
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_new();

CREATE TRIGGER tthc_old AFTER DELETE ON cong.ho_so REFERENCING OLD TABLE AS cu
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_old();

CREATE TRIGGER tthc_both AFTER UPDATE ON cong.ho_so REFERENCING OLD TABLE AS cu NEW TABLE AS moi
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_both();

CREATE TRIGGER tthc_all AFTER TRUNCATE ON cong.ho_so FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_all();

CREATE TRIGGER tthc_new AFTER INSERT ON cong.lich_su REFERENCING NEW TABLE AS moi
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_new();

CREATE TRIGGER tthc_old AFTER DELETE ON cong.lich_su REFERENCING OLD TABLE AS cu
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_old();

CREATE TRIGGER tthc_both AFTER UPDATE ON cong.lich_su REFERENCING OLD TABLE AS cu NEW TABLE AS moi
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_both();

CREATE TRIGGER tthc_all AFTER TRUNCATE ON cong.lich_su FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_all();

CREATE TRIGGER tthc_procedure AFTER UPDATE ON cong.thu_tuc REFERENCING NEW TABLE AS moi
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_procedure();

CREATE TRIGGER tthc_all AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON tthc.kinds
    FOR EACH STATEMENT EXECUTE FUNCTION tthc.note_all();

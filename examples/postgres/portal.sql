-- Một cổng dịch vụ công bịa ra, với các bảng như các cổng thường có. Không hồ sơ nào có thật, không có dữ liệu cá nhân.
-- An invented portal, with the tables that portals mostly have. No dossier is real, nothing in it is personal.
-- (Một câu lệnh kết thúc bằng dấu chấm phẩy trước một dòng trống. / A statement ends with a semicolon before an empty line.)

CREATE SCHEMA cong;

COMMENT ON SCHEMA cong IS 'ví dụ của tthc-rules: dữ liệu bịa, có thể xóa';

CREATE TABLE cong.don_vi (
    ma_don_vi text PRIMARY KEY,
    ten text NOT NULL,
    cap text NOT NULL
);

CREATE TABLE cong.thu_tuc (
    ma_thu_tuc text PRIMARY KEY,
    ten text NOT NULL,
    linh_vuc text,
    thoi_han integer,
    loai_ngay text
);

CREATE TABLE cong.ho_so (
    ma_ho_so text PRIMARY KEY,
    ma_thu_tuc text NOT NULL REFERENCES cong.thu_tuc,
    don_vi_giai_quyet text REFERENCES cong.don_vi,
    bo_phan_mot_cua text REFERENCES cong.don_vi,
    kenh_thuc_hien smallint,
    ngay_hen_tra timestamp,
    trang_thai smallint
);

COMMENT ON COLUMN cong.ho_so.ngay_hen_tra IS 'giờ Việt Nam, không múi giờ: ngày trên phiếu hẹn';

-- Lịch sử của hồ sơ: việc gì, lúc nào. Sổ giấy chỉ có ngày (ngay), phần mềm có cả giờ và múi giờ (luc).
-- The history of a dossier: what and when. Paper registers know the day only (ngay), software the instant (luc).
CREATE TABLE cong.lich_su (
    ma_ho_so text NOT NULL REFERENCES cong.ho_so ON DELETE CASCADE,
    stt integer NOT NULL,
    hanh_dong text NOT NULL,
    luc timestamptz,
    ngay date,
    han_moi date,
    han_buoc timestamptz,
    ly_do text,
    can_cu text,
    co_quan text,
    PRIMARY KEY (ma_ho_so, stt)
);

CREATE TABLE cong.du_lieu_vi_du (
    so_ho_so integer NOT NULL,
    tu_ngay date NOT NULL,
    den_ngay date NOT NULL
);

COMMENT ON TABLE cong.du_lieu_vi_du IS 'dữ liệu bịa đã nạp đến ngày nào / how far the invented data was filled in';

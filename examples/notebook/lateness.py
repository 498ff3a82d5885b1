# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Trễ hạn theo đơn vị, theo tháng, theo từng định nghĩa
#
# Dữ liệu là hai ví dụ tổng hợp của thư viện, không có hồ sơ thật. Trễ hay không là kết luận của `tthc_rules` cho
# từng hồ sơ; ở đây chỉ đếm và vẽ.
#
# *Lateness by unit, by month, by each definition. The data are the two synthetic examples of the library. Who is late
# is the verdict of `tthc_rules` on each dossier; here they are only counted and drawn.*
#
# ```
# pip install "tthc-rules[frames]" -r requirements.txt
# jupytext --to ipynb lateness.py   # hoặc mở thẳng tệp này trong JupyterLab / or open this file in JupyterLab
# ```

# %%
from datetime import date
from pathlib import Path

import altair as alt
import polars as pl

from tthc_rules import Rulebook
from tthc_rules.integrations.frames import rescore

EXAMPLES = (Path(__file__).parent if "__file__" in globals() else Path.cwd()).parent
book = Rulebook.load()


def log_of(example: str) -> pl.DataFrame:
    """Nhật ký của một ví dụ; mã thủ tục là chữ, không phải số / the codes of procedures are text and no numbers."""
    return pl.read_csv(EXAMPLES / example / "events.csv", schema_overrides={"procedure": pl.String})


def names_of(example: str) -> pl.DataFrame:
    units = pl.read_csv(EXAMPLES / example / "units.csv")
    return units.select(pl.col("unit").alias("handling_agency"), pl.col("name").alias("unit"))


is_late = pl.col("punctuality").is_in(["returned_late", "overdue"])

# %% [markdown]
# ## Theo đơn vị và tháng / By unit and month
#
# Tháng là tháng của hạn theo luật (`lawful_due`): hồ sơ trễ được đếm vào tháng lẽ ra phải trả, kể cả khi chưa trả.
# Hồ sơ đang tạm dừng không có hạn nên không đếm.
#
# *The month is that of the lawful due date: a late dossier is counted where it should have been returned, returned or
# not. A paused one has no due date and is not counted.*

# %%
verdicts = rescore(book, log_of("province"), as_of=date(2026, 10, 10))
by_month = (
    verdicts.filter(pl.col("lawful_due") <= date(2026, 10, 10))
    .join(names_of("province"), on="handling_agency", how="left")
    .group_by("unit", pl.col("lawful_due").dt.strftime("%Y-%m").alias("month"))
    .agg(pl.len().alias("due"), is_late.sum().alias("late"))
    .with_columns((pl.col("late") / pl.col("due")).alias("share"))
    .sort("unit", "month")
)
print(by_month)

# %%
place = alt.Chart(by_month).encode(
    alt.X("month:O", title="Tháng của hạn / month due"),
    alt.Y("unit:N", title=None, axis=alt.Axis(labelLimit=260)),
)
late_by_month = (
    place.mark_rect().encode(
        alt.Color("share:Q", title="Trễ / late", scale=alt.Scale(scheme="oranges"), legend=alt.Legend(format="%")),
        tooltip=["unit", "month", "due", "late", alt.Tooltip("share:Q", format=".1%")],
    )
    + place.mark_text().encode(text=alt.Text("late:Q"))
).properties(title="Hồ sơ trễ hạn theo đơn vị và tháng / Late dossiers by unit and month", width=420)
late_by_month

# %% [markdown]
# ## Bốn định nghĩa của «trễ», và cách của QĐ 766 / Four definitions of “late”, and that of Decision 766
#
# - `by_date`, `by_instant`: so với hạn **theo luật** (có tạm dừng, tính lại), theo ngày hoặc theo thời điểm;
# - `promised_by_date`, `promised_by_instant`: so với **ngày trên phiếu hẹn**, theo ngày hoặc theo thời điểm;
# - `qd766`: ngày trên phiếu hẹn, trừ thời gian chờ bổ sung.
#
# Hồ sơ và nghĩa vụ vẫn thế; chỉ câu hỏi khác đi. Nói một tỷ lệ thì phải nói định nghĩa của nó.
#
# *The first two compare with the **lawful** due date (stops and restarts in it), the next two with the date **on the
# slip**, by date or by instant; `qd766` takes the wait for a supplement off. The dossiers and the duties are the same;
# only the question differs. Who names a rate must name its definition.*

# %%
DEFINITIONS = ("by_date", "by_instant", "promised_by_date", "promised_by_instant", "qd766")
log = log_of("one_stop")
asked = {name: rescore(book, log, as_of=date(2026, 11, 21), lateness=name) for name in DEFINITIONS}
by_definition = (
    pl.concat([table.with_columns(pl.lit(name).alias("definition")) for name, table in asked.items()])
    .join(names_of("one_stop"), on="handling_agency", how="left")
    .group_by("unit", "definition")
    .agg(pl.len().alias("dossiers"), is_late.sum().alias("late"))
    .sort("unit", "definition")
)
side_by_side = by_definition.pivot(
    on="definition", index=["unit", "dossiers"], values="late", sort_columns=False
).select("unit", "dossiers", *DEFINITIONS)
print(side_by_side)

# %%
late_by_definition = (
    alt.Chart(by_definition)
    .mark_bar()
    .encode(
        alt.Y("definition:N", sort=list(DEFINITIONS), title=None),
        alt.X("late:Q", title="Hồ sơ trễ / late dossiers"),
        alt.Color("unit:N", title="Đơn vị / unit", legend=alt.Legend(orient="bottom", labelLimit=260)),
        tooltip=["unit", "definition", "late", "dossiers"],
    )
    .properties(title="Cùng hồ sơ, năm định nghĩa / The same dossiers, five definitions", width=420)
)
late_by_definition

# %% [markdown]
# Ai trễ theo phiếu hẹn mà không trễ theo luật: hồ sơ đã tạm dừng hoặc bổ sung mà phiếu hẹn không đổi.
#
# *Late by the slip and not by law: dossiers that stopped or were supplemented while their slip stayed as it was.*

# %%
late = {name: set(table.filter(is_late)["dossier_id"]) for name, table in asked.items()}
only_by_slip = asked["by_date"].filter(pl.col("dossier_id").is_in(list(late["promised_by_date"] - late["by_date"])))
print(only_by_slip.select("dossier_id", "promised_due", "original_due", "lawful_due", "finished_on"))

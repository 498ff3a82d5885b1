"""The shell of every page: one self-contained HTML text that may load nothing, from nowhere."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files


def document(lang: str, title: str, body: str, styles: tuple[str, ...], scripts: tuple[str, ...] = ()) -> str:
    """The page around its body, with the named styles and scripts of this room written into it.

    Its policy lets only these run, and nothing be asked of a network; `title` is safe already.
    """
    style, script = ("".join(map(_part, names)) for names in (styles, scripts))
    allowed = f"script-src '{_hash(script)}'; " if script else ""
    policy = f"default-src 'none'; style-src '{_hash(style)}'; {allowed}base-uri 'none'; form-action 'none'"
    run = f"<script>{script}</script>" if script else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{style}</style></head>\n{body.removesuffix('</body>')}{run}</body></html>\n"
    )


def _part(name: str) -> str:
    return files("tthc_rules.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()

"""What a host tells browsers of a file: its type, and how long a copy may be kept.

The table is ours and not the system's, which differs from computer to computer.
"""

from __future__ import annotations

from pathlib import PurePosixPath

#: By the end of the name; the types are those of IANA's registry of media types.
_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}
_LASTING = ("image/", "font/", "audio/", "video/")


def media_type(path: str) -> str:
    """The type of a file by its name."""
    return _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")


def cache_control(path: str) -> str:
    """How long a copy may be kept (RFC 9111): pictures, fonts and recordings for an hour.

    Addresses stay the same when what they hold changes, so everything else is asked for anew, which costs
    no more than a short answer where it has not changed.
    """
    return "max-age=3600" if media_type(path).startswith(_LASTING) else "no-cache"

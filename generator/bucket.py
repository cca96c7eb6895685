"""A bucket that speaks S3 as a target: Amazon's, or any other's by its endpoint.

What is there is told by one listing. In it stands an entity tag for each file, which is the MD5 of its bytes
where the host keeps files in the plain way; whether this one does is seen from the manifest, of which we
know both. Elsewhere the manifest is believed, and what it is not sure of is asked for by the SHA-256 that we
left with each file.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from msgspec import Struct

from generator import manifest
from generator.early import Early
from generator.kindred import Kindred
from generator.mediatypes import cache_control, media_type
from generator.sending import Built, File, Found, Refused, Sent, folders_of, from_listing, nobody
from generator.turn import turn

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

T = TypeVar("T")
_SETTINGS = ("endpoint", "region")
#: Requests at once; more is no faster on the lines that people have.
_AT_ONCE = 16
#: Names of variables that bring a key, as Amazon's own tools have them. Where none is set, the library would
#: ask an address that only Amazon's machines have, and wait.
_KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_SAID = re.compile(r"<Code>([^<]*)</Code>(?:\s*<Message>([^<]*)</Message>)?")


class _There(Struct, frozen=True):
    """What was found in a bucket."""

    sizes: dict[str, int]
    #: Entity tags.
    tags: dict[str, str]
    #: The bytes of the manifest there.
    listing: bytes | None


class Bucket:
    """The objects below a prefix."""

    prompts = False

    def __init__(self, written: str, root: Path) -> None:
        """`written`: `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`, all but the bucket optional.

        Raises `Refused` where that is not understood, or the library or a key is missing.
        """
        parts = urlsplit(written)
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(given.keys() - set(_SETTINGS)):
            raise Refused(f"{unknown[0]!r} is no setting of a bucket; there are: {', '.join(_SETTINGS)}")
        if not parts.netloc or parts.fragment:
            raise Refused(f"{written!r} names no bucket; write  s3://BUCKET/PREFIX")
        try:
            import obstore
        except ImportError as error:
            raise Refused(
                "a library for s3:// is not installed; bring it with  pip install 'factsheet[s3]'"
            ) from error
        if not any(os.environ.get(name) for name in _KEYS):
            raise Refused("no key for s3://; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        endpoint = given.get("endpoint") or os.environ.get("AWS_ENDPOINT_URL", "")
        region = (
            given.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", "")
        )
        self._library = obstore
        with _in_words():  # a key without its secret
            self._store = _store(parts.netloc, unquote(parts.path).strip("/"), endpoint, region)
        self._root = root
        self._address = written
        self._early = Early(self._look)

    def refusal(self, here: Mapping[str, File]) -> str:
        """A bucket takes what it is given."""
        return ""

    def begin(self) -> None:
        """Ask for the list already."""
        self._early.begin()

    def found(self, built: Built) -> Found:
        """What is there, told by one listing."""
        there = msgspec.msgpack.decode(self._early.answer(), type=_There)
        digests = Kindred(self._root, "md5")
        plain = there.listing is not None and there.tags[manifest.NAME] == digests.of_bytes(there.listing)

        def same(paths: Sequence[str]) -> Collection[str]:
            if plain:
                found = [path for path in paths if there.tags[path] == digests.of(built, path)]
                digests.keep()
                return found
            told = self._each(self._digest_left_with, paths)
            return [p for p, sha256 in zip(paths, told, strict=True) if sha256 == built.files[p].sha256]

        # Consoles make empty objects that stand for folders; the library lists them without their slash.
        folders = {"", *(folder for path in (*there.sizes, *built.files) for folder in folders_of(path))}
        sizes = {path: size for path, size in there.sizes.items() if size or path not in folders}
        return from_listing(built, sizes, there.listing, same, known=plain)

    def _look(self) -> bytes:
        """All that is there, and the manifest."""
        sizes: dict[str, int] = {}
        tags: dict[str, str] = {}
        with _in_words():
            for chunk in self._library.list(self._store):
                for each in chunk:
                    sizes[each["path"]] = each["size"]
                    tags[each["path"]] = (each["e_tag"] or "").strip('"')
        listing = self.read(manifest.NAME)[0] if manifest.NAME in sizes else None
        return msgspec.msgpack.encode(_There(sizes, tags, listing))

    def turn(self, found: Found) -> contextlib.AbstractContextManager[None]:
        """The time in which nobody else publishes there."""
        return turn(self, self._root, self._address, found)

    def read(self, *paths: str) -> list[bytes | None]:
        """The bytes of objects; None for one that is not there."""
        return self._each(self._bytes, paths)

    def _bytes(self, path: str) -> bytes | None:
        try:
            with _in_words():
                return bytes(self._library.get(self._store, path).bytes())
        except FileNotFoundError:
            return None

    def create(self, path: str, data: bytes) -> None:
        """Write an object where there is none."""
        errors = self._library.exceptions
        try:
            self._library.put(self._store, path, data, mode="create", use_multipart=False)
        except (errors.AlreadyExistsError, errors.PreconditionError):
            return
        except errors.BaseError as error:
            if "NotImplemented" not in str(error) and not isinstance(error, errors.NotSupportedError):
                raise Refused(_short(error)) from error
            # A host without conditions: between looking and writing another may come, and the last has it.
            if self._bytes(path) is None:
                self.write(path, data)

    def put(self, built: Built, paths: Sequence[str], sent: Sent = nobody) -> None:
        """Send files of the site, many at once."""

        def send(path: str) -> None:
            self.write(path, built.read(path))
            sent(1)

        self._each(send, paths)

    def write(self, path: str, data: bytes) -> None:
        """Write an object with all that browsers are to be told, and its digest."""
        told = {
            "Content-Type": media_type(path),
            "Cache-Control": cache_control(path),
            "sha256": manifest.digest(data),
        }
        with _in_words():
            # In one part: else its tag is not the MD5 of its bytes.
            self._library.put(self._store, path, data, attributes=told, use_multipart=False)

    def delete(self, paths: Sequence[str]) -> None:
        """Remove objects, up to a thousand with one request."""
        with _in_words():
            self._library.delete(self._store, list(paths))

    def finish(self) -> None:
        """Every object is seen as soon as it is there."""

    def _digest_left_with(self, path: str) -> str:
        with _in_words():
            told = self._library.get(self._store, path, options={"head": True})
        return str(told.attributes.get("sha256", ""))

    def _each(self, do: Callable[[str], T], paths: Sequence[str]) -> list[T]:
        """Do it for every path, some at once; the first that fails ends it."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                return list(pool.map(do, paths))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _store(bucket: str, prefix: str, endpoint: str, region: str) -> S3Store:
    from obstore.store import S3Store

    config: S3Config = {"region": region or "us-east-1"}
    if endpoint:
        config["endpoint"] = endpoint
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=10),
        },
        retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
    )


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """The library's errors in one line; that something is not there is for who asked."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, PermissionError, ValueError) as error:
        raise Refused(_short(error)) from error


def _short(error: Exception) -> str:
    """What went wrong: the host's own words where it gave any, without the library's."""
    said = _SAID.search(str(error))
    if said:
        return f"the host of the bucket says: {said[1]}{f' ({said[2]})' if said[2] else ''}"
    if "error sending request" in str(error):
        return "the host of the bucket cannot be reached; is the endpoint right?"
    return str(error).partition("\n")[0]

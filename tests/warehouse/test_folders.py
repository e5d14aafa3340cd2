"""Folders on a disk, in memory, and in a bucket behave alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from s3fs import S3FileSystem

from parsers.errors import Drop, Retry
from tests.servers.bucket import BUCKET, Service, s3_service
from tests.warehouse.builders import Bench, a_batch, an_article
from tests.warehouse.history import a_history, contents
from warehouse.desk import Desk, Storage
from warehouse.folders import Folder, LocalFolder, RemoteFolder, copy_stored, folder_at
from warehouse.loading.landing import land, landed, quarantined
from warehouse.upkeep.sweep import sweep


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An S3 service with a bucket."""
    with s3_service(tmp_path_factory.mktemp("s3")) as service:
        yield service


@pytest.fixture
def s3(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The same, and its keys in the environment."""
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    return service


@pytest.fixture(params=["disk", "file URL", "memory", "bucket"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """An empty folder of each kind."""
    if request.param == "disk":
        return folder_at(tmp_path / "landing")
    if request.param == "file URL":
        return folder_at(f"file://{tmp_path}/landing")
    if request.param == "memory":
        return folder_at(f"memory://{tmp_path}/landing")
    service = request.getfixturevalue("s3")
    return folder_at(f"s3://{BUCKET}/{tmp_path.name}/landing", s3_endpoint=service.endpoint)


def filled(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(text, "utf-8")

    return write


def text_of(folder: Folder, name: str) -> str:
    with folder.open(name) as file:
        return file.read().decode()


def names(folder: Folder, pattern: str) -> list[str]:
    return [one.name for one in folder.files(pattern)]


def test_what_was_put_is_there_and_can_be_read(folder: Folder) -> None:
    assert folder.files("*") == ()
    folder.put("b.txt", filled("two"))
    folder.put("a.txt", filled("one"))
    folder.put("2026-11-28/c.txt", filled("three"))
    folder.put("a.txt", filled("another"))
    assert names(folder, "*.txt") == ["a.txt", "b.txt"]
    assert names(folder, "*/*.txt") == ["2026-11-28/c.txt"]
    assert text_of(folder, "a.txt") == "another"
    (about,) = folder.files("a.*")
    assert about.size == len("another")
    assert abs(about.changed_at - datetime.now(UTC)) < timedelta(minutes=1)
    with folder.open("2026-11-28/c.txt") as file:
        assert file.seek(2) == 2
        assert file.read() == b"ree"


def test_names_change_and_go(folder: Folder) -> None:
    folder.put("a.txt", filled("one"))
    folder.rename("a.txt", "quarantine/a.txt")
    assert names(folder, "*") + names(folder, "quarantine/*") == ["quarantine/a.txt"]
    folder.rename("quarantine/a.txt", "a.txt")
    folder.remove("a.txt")
    folder.remove("a.txt")
    assert names(folder, "*") + names(folder, "*/*") == []
    with pytest.raises(FileNotFoundError):
        folder.rename("a.txt", "b.txt")
    with pytest.raises(FileNotFoundError), folder.open("a.txt"):
        pass


def test_what_fails_half_way_leaves_no_name(folder: Folder) -> None:
    def fail(path: Path) -> None:
        path.write_text("half", "utf-8")
        raise OSError(28, "No space left on device", str(path))

    with pytest.raises(Retry) as caught:
        folder.put("a.txt", fail)
    assert caught.value.name == "disk_full"
    assert names(folder, "*") == []


def test_what_others_do_meanwhile_is_seen(folder: Folder, s3: Service) -> None:
    folder.put("a.txt", filled("one"))
    assert names(folder, "*") == ["a.txt"]
    if isinstance(folder, RemoteFolder) and folder.endpoint:
        # As another machine does it.
        elsewhere = S3FileSystem(endpoint_url=s3.endpoint, skip_instance_cache=True)
        elsewhere.rm_file(f"{folder.url}/a.txt")
        elsewhere.pipe_file(f"{folder.url}/b.txt", b"two")
    else:
        folder.remove("a.txt")
        folder.put("b.txt", filled("two"))
    assert names(folder, "*") == ["b.txt"]


def test_a_file_is_copied_between_folders_of_two_kinds(folder: Folder, tmp_path: Path) -> None:
    here = LocalFolder(tmp_path / "here")
    here.put("a.txt", filled("one"))
    copy_stored(here, "a.txt", folder)
    here.remove("a.txt")
    copy_stored(folder, "a.txt", here)
    assert text_of(here, "a.txt") == "one"


def test_a_bucket_out_of_reach_is_tried_again_later(
    s3: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    S3FileSystem.clear_instance_cache()
    closed = folder_at(f"s3://{BUCKET}/landing", s3_endpoint="http://127.0.0.1:9")
    for act in (lambda: closed.put("a.txt", filled("one")), lambda: closed.files("*")):
        with pytest.raises(Retry) as caught:
            act()
        assert caught.value.name == "storage_unreachable"
        assert f"s3://{BUCKET}/landing" in caught.value.message


def test_wrong_keys_are_spoken_of(s3: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "guessed")
    S3FileSystem.clear_instance_cache()
    bucket = folder_at(f"s3://{BUCKET}/landing", s3_endpoint=s3.endpoint)
    with pytest.raises(Retry, match="credentials") as caught:
        bucket.put("a.txt", filled("one"))
    assert caught.value.name == "storage_unreachable"
    assert "guessed" not in caught.value.message
    S3FileSystem.clear_instance_cache()


def test_a_bucket_that_is_missing_is_named_and_not_made(s3: Service) -> None:
    nowhere = folder_at("s3://nowhere/landing", s3_endpoint=s3.endpoint)
    with pytest.raises(Retry, match=r"s3://nowhere/landing/a\.txt"):
        nowhere.put("a.txt", filled("one"))
    assert not s3.folder.with_name("nowhere").exists()


@pytest.mark.parametrize("url", ["nothing://press/landing", "gs://press/landing"])
def test_a_folder_that_nobody_here_can_reach_says_what_is_missing(url: str) -> None:
    with pytest.raises(Drop) as caught:
        folder_at(url)
    assert url in caught.value.message


def test_two_warehouses_that_are_told_one_place_keep_apart(tmp_path: Path) -> None:
    storage = Storage(landing=f"file://{tmp_path}/landing", raw=f"{tmp_path}/raw")
    one, other = (Desk.at(tmp_path / name / "press.duckdb", None, storage) for name in "ab")
    land(one, a_batch("b1"))
    assert [file.name for file in landed(one)] == ["b1.parquet"]
    assert landed(other) == ()
    assert Desk.at(tmp_path / "a" / "press.duckdb", None, storage).landing == one.landing
    assert isinstance(one.raw, LocalFolder)
    assert one.raw.path.parent == tmp_path / "raw"


def test_batches_that_were_landed_in_a_bucket_are_loaded_once(
    s3: Service, tmp_path: Path, bench: Bench
) -> None:
    """By whichever machine comes first; what can't be read is set aside there."""
    storage = Storage(landing=f"s3://{BUCKET}/{tmp_path.name}", s3_endpoint=s3.endpoint)
    far = Bench(Desk.at(tmp_path / "far.duckdb", None, storage))
    history = a_history(7, 2)
    for batch in history:
        land(far.desk, batch)
        land(bench.desk, batch)
    far.desk.landing.put("broken.parquet", filled("no batch"))
    assert far.load().quarantined == 1
    assert [one.name for one in quarantined(far.desk)] == ["quarantine/broken.parquet"]
    assert landed(far.desk) == ()
    for batch in history:
        land(far.desk, batch)
    assert far.load().repeated == len(history)
    bench.load()
    with far.open() as wh, bench.open() as other:
        ours, theirs = contents(wh), contents(other)
    assert ours["articles"] == theirs["articles"] != []


def test_half_made_files_in_a_bucket_go(s3: Service, tmp_path: Path) -> None:
    storage = Storage(landing=f"s3://{BUCKET}/{tmp_path.name}", s3_endpoint=s3.endpoint)
    desk = Desk.at(tmp_path / "press.duckdb", None, storage)
    land(desk, a_batch("b1", articles=(an_article("one"),)))
    desk.landing.put(".b2.parquet.tmp", filled("half"))
    assert len(landed(desk)) == 1
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    assert sweep(desk, tomorrow, 30) == (".b2.parquet.tmp",)
    assert len(landed(desk)) == 1

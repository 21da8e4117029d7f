"""ArcadeDB out of its Python package, as a child process that speaks Bolt on loopback."""

import asyncio
import importlib.util
import json
import logging
import os
import re
import secrets
import socket
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
from neo4j import AsyncGraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from service.errors import Unavailable
from service.settings import Settings

USER = "root"
DATABASE = "registry"
STOP_SECONDS = 10
LOG_BYTES = 5_000_000

LOGGING = """\
handlers = java.util.logging.ConsoleHandler
.level = INFO
io.undertow.level = WARNING
org.xnio.level = WARNING
org.jboss.level = WARNING
java.util.logging.ConsoleHandler.formatter = com.arcadedb.log.LogFormatter
"""

# prctl(PR_SET_PDEATHSIG, SIGTERM) outlives exec. Python's preexec_fn would run between fork and exec
# of a process with threads, where it may deadlock; a second small interpreter cannot.
TIED_TO_PARENT = """\
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Running:
    """An engine that runs; ``engine.json`` in the data folder says the same to other processes."""

    port: int
    http_port: int
    password: str = field(repr=False)
    pid: int
    started_at: str

    @property
    def uri(self) -> str:
        """Where it speaks Bolt, on loopback alone."""
        return f"bolt://127.0.0.1:{self.port}"


@asynccontextmanager
async def started(settings: Settings, folder: Path) -> AsyncIterator[Running]:
    """An engine on *folder*, which the caller has locked: started again when it dies, stopped at the end."""
    await _end_leftover(folder)
    child = _Child(settings, folder)
    await child.start()
    keeper = asyncio.create_task(child.keep())
    try:
        yield child.running
    finally:
        keeper.cancel()
        (folder / "engine.json").unlink(missing_ok=True)
        try:
            await asyncio.wait([keeper])
        finally:
            await child.stop()


def recorded(folder: Path) -> Running | None:
    """What ``engine.json`` says; None if it is not there or not whole."""
    try:
        return Running(**json.loads((folder / "engine.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def is_engine(pid: int, folder: Path) -> bool:
    """Whether process *pid* is an engine on *folder*; the number may have gone to another process."""
    try:
        return _root_path(folder) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


async def answers(running: Running) -> bool:
    """Whether a query gets its answer, which is later than the port opens."""
    auth = (USER, running.password)
    driver = AsyncGraphDatabase.driver(running.uri, auth=auth, connection_timeout=2, connection_acquisition_timeout=3)
    try:
        async with asyncio.timeout(5), driver, driver.session(database=DATABASE) as session:
            await (await session.run("RETURN 1 AS one")).consume()
    except (DriverError, Neo4jError, OSError):
        return False
    return True


class _Child:
    """The engine process that this process owns."""

    process: Process
    logging: asyncio.Task[None]

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.log = _Log(folder / "logs" / "engine.log")
        self.running = Running(port=0, http_port=_free_port(), password=secrets.token_urlsafe(32), pid=0, started_at="")

    async def start(self) -> None:
        """Returns once a query answers and ``engine.json`` says so; the process is gone if it raises."""
        try:
            await self._spawn()
        except OSError as error:
            raise Unavailable(f"The embedded engine cannot be started in {self.folder}: {error}") from error
        patience = self.settings.engine_start_timeout
        try:
            async with asyncio.timeout(patience):
                await self._until_ready()
            _record(self.folder, self.running)
        except TimeoutError:
            await self.stop()
            raise Unavailable(f"The embedded engine did not answer within {patience:g} s. {self.log.last}") from None
        except OSError as error:
            await self.stop()
            raise Unavailable(f"{self.folder / 'engine.json'} cannot be written: {error}") from error
        except BaseException:
            await self.stop()
            raise

    async def keep(self) -> None:
        """Starts the engine again whenever it ends, waiting longer after each failure to start."""
        while True:
            code = await self.process.wait()
            await self.logging
            log.warning("The embedded engine ended with code %s; starting it again.", code)
            pause = 0.2
            while True:
                try:
                    await self.start()
                    break
                except Unavailable as error:
                    log.warning("%s", error.message)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, 30)

    async def stop(self) -> None:
        """Ends the process, by force after ``STOP_SECONDS``."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.terminate()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self.process.wait()
            except TimeoutError:
                log.warning("The embedded engine ran on for %s s after SIGTERM; killing it.", STOP_SECONDS)
            finally:
                with suppress(ProcessLookupError):
                    self.process.kill()
        await self.process.wait()
        await self.logging

    async def _spawn(self) -> None:
        """Beside the terminal's process group, so that Ctrl-C reaches us alone; tied to us on Linux.

        There the kernel ends it with the thread that started it, which is the one of this event loop.
        """
        home = self.folder / "engine"
        for each in (home, self.folder / "logs"):
            each.mkdir(mode=0o700, exist_ok=True)
        (home / "config" / "server-users.jsonl").unlink(missing_ok=True)
        (home / "logging.properties").write_text(LOGGING)
        command = _command(self.settings, self.folder, self.running.port, self.running.http_port)
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP
        if sys.platform == "linux":
            command = [sys.executable, "-I", "-S", "-c", TIED_TO_PARENT, str(os.getpid()), *command]
        self.log.tail = b""
        self.process = await asyncio.create_subprocess_exec(
            *command,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env=_environment(self.running.password),
            cwd=home,
            start_new_session=True,
            creationflags=flags,
        )
        self.logging = asyncio.create_task(self.log.follow(self.process))

    async def _until_ready(self) -> None:
        while not self.logging.done():
            port = self.log.port(rb"Listening for incoming BOLT connections on /127\.0\.0\.1:(\d+)")
            http_port = self.log.port(rb"HTTP Server started \(host=127\.0\.0\.1 port=(\d+)")
            if port and http_port:
                now = datetime.now(UTC).isoformat(timespec="seconds")
                self.running = replace(
                    self.running, port=port, http_port=http_port, pid=self.process.pid, started_at=now
                )
                if await answers(self.running):
                    return
            await asyncio.sleep(0.05)
        if b"is locked by another process" in self.log.tail:
            raise Unavailable(
                f"Another registry's engine uses the data folder {self.folder}. "
                "Stop it, or set REGISTRY_DATA_DIR to another folder."
            )
        code = await self.process.wait()
        raise Unavailable(f"The embedded engine ended with code {code} before it answered. {self.log.last}")


class _Log:
    """What an engine prints, in two files of about ``LOG_BYTES`` at most, and its end at hand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tail = b""

    async def follow(self, process: Process) -> None:
        """Reads to the end, on a full disk too: an engine that nobody reads would stand still."""
        while process.stdout and (chunk := await process.stdout.read(65_536)):
            self.tail = (self.tail + chunk)[-20_000:]
            with suppress(OSError):
                self._write(chunk)

    def _write(self, chunk: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(chunk)
            size = file.tell()
        if size > LOG_BYTES:
            self.path.replace(self.path.with_suffix(".log.1"))

    def port(self, line: bytes) -> int | None:
        """The number in the first line like the pattern *line*."""
        found = re.search(line, self.tail)
        return int(found[1]) if found else None

    @property
    def last(self) -> str:
        """The last lines without the stack frames, and where the rest is."""
        lines = [line.strip() for line in self.tail.decode(errors="replace").splitlines()]
        told = [line for line in lines if line and not line.startswith("at ")][-6:]
        return f"The last lines of {self.path}:\n" + "\n".join(told)


def _command(settings: Settings, folder: Path, port: int, http_port: int) -> list[str]:
    """The command line, without the password, which every user of the machine could read there."""
    package = _package()
    options = {
        "server.logsDirectory": folder / "logs",
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server.defaultDatabases": f"{DATABASE}[{USER}]",
        "server.mode": "development",
        "server.httpIncomingHost": "127.0.0.1",
        "server.httpIncomingPort": f"{http_port}-{min(http_port + 9, 65_535)}",
        "bolt.host": "127.0.0.1",
        "bolt.port": port,
        "bolt.maxMessageSize": 134_217_728,
        "bolt.packstream.maxValueLength": 134_217_728,
        "txWalFlush": 1,
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
        "polyglotEngineEnabled": "false",
        "command.timeout": round(settings.query_timeout * 1000),
        "queryMaxConcurrent": 64,
        "queryQueueTimeout": 5000,
    }
    return [
        str(package / "jre" / "bin" / ("java.exe" if sys.platform == "win32" else "java")),
        f"-Xmx{settings.engine_memory_mb}m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        f"-Djava.util.logging.config.file={folder / 'engine' / 'logging.properties'}",
        _root_path(folder),
        *(f"-Darcadedb.{name}={value}" for name, value in options.items()),
        "-cp",
        str(package / "jars" / "*"),
        "com.arcadedb.server.ArcadeDBServer",
    ]


def _root_path(folder: Path) -> str:
    return f"-Darcadedb.server.rootPath={folder / 'engine'}"


def _package() -> Path:
    """Where the jars and their Java are. Not imported: that would load the package's own bridge to Java."""
    spec = importlib.util.find_spec("arcadedb_embedded")
    if spec is None or spec.origin is None:
        raise Unavailable(
            "The package arcadedb-embedded is not installed. Install it, or set REGISTRY_NEO4J_URI to a Neo4j server."
        )
    package = Path(spec.origin).parent
    if not (package / "jre" / "bin").is_dir():
        raise Unavailable(f"The package arcadedb-embedded has no Java in {package / 'jre' / 'bin'}.")
    return package


def _environment(password: str) -> dict[str, str]:
    dropped = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "REGISTRY_NEO4J_PASSWORD"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "arcadedb.server.rootPassword": password}


async def _end_leftover(folder: Path) -> None:
    """Ends the engine of an owner that died, where the kernel did not do that or still is at it."""
    old = recorded(folder)
    if old is None or not is_engine(old.pid, folder):
        return
    log.warning("Ending process %s, an engine whose owner is gone.", old.pid)
    with suppress(psutil.Error):
        process = psutil.Process(old.pid)
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, STOP_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait, STOP_SECONDS)


def _record(folder: Path, running: Running) -> None:
    """Writes ``engine.json`` whole or not at all, readable by its owner alone: it holds the password."""
    new = folder / f"engine.json.{secrets.token_hex(4)}"
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(running), file)
    new.replace(folder / "engine.json")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port

"""Real engines for the tests: each function serves one and gives the settings that point at it."""

import atexit
import gc
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from anyio.from_thread import start_blocking_portal
from filelock import FileLock
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from service.graph.embedded import TIED_TO_PARENT
from service.graph.engine import engine
from service.settings import Settings, load

HERE = Path(__file__).parent / "neo4j"
START_SECONDS = 120
PATIENT: dict[str, float] = {
    "query_timeout": 240,
    "operation_timeout": 240,
    "reckoning_timeout": 120,
    "retry_timeout": 60,
    "pool_timeout": 60,
}
"""Nothing is claimed about time: a cold engine on a crowded machine may take long."""
VERSION = "5.26.30"
"""The Neo4j that the suite runs on."""

CONF = """\
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.memory.pagecache.size=512m
db.tx_log.preallocate=false
dbms.usage_report.enabled=false
dbms.security.auth_enabled=false
"""


class EngineMissing(Exception):
    """No such engine can be had on this machine; the message is the reason, in one line."""


@contextmanager
def embedded_server() -> Iterator[Settings]:
    """The embedded engine on an empty folder of its own, kept by an event loop in a thread."""
    with tempfile.TemporaryDirectory(prefix="registry-") as folder:
        settings = load(data_dir=Path(folder), **PATIENT).model_copy(update={"neo4j_uri": None})
        with start_blocking_portal() as portal, portal.wrap_async_context_manager(engine(settings)):
            yield settings


@contextmanager
def neo4j_server(version: str = VERSION) -> Iterator[Settings]:
    """A Neo4j: the one in ``REGISTRY_TEST_NEO4J_URI``, else in a container, else from its Maven jars.

    Raises EngineMissing where there is none of the three. The *version* is not asked of a server
    that is named, and only to its minor number of a container.
    """
    if uri := os.environ.get("REGISTRY_TEST_NEO4J_URI"):
        user = os.environ.get("REGISTRY_TEST_NEO4J_USER", "neo4j")
        yield _settings(uri, user, os.environ.get("REGISTRY_TEST_NEO4J_PASSWORD", ""))
    elif _docker_answers():
        with _container(version) as uri:
            yield _settings(uri)
    else:
        with jar_server(version) as server:
            yield server.settings


def _settings(uri: str, user: str = "neo4j", password: str = "") -> Settings:
    return load(neo4j_uri=uri, neo4j_user=user, neo4j_password=password, neo4j_database="neo4j", **PATIENT)


def _docker_answers() -> bool:
    try:
        import docker.errors  # type: ignore[import-untyped]  # noqa: PLC0415  # only where containers are wanted
    except ImportError:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # a client that gets no answer leaves its socket open
        try:
            return bool(docker.from_env(timeout=5).ping())
        except (docker.errors.DockerException, OSError):
            return False
        finally:
            gc.collect()


@contextmanager
def _container(version: str) -> Iterator[str]:
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415  # slow to import

    minor = ".".join(version.split(".")[:2])
    neo4j = DockerContainer(f"neo4j:{minor}-community").with_env("NEO4J_AUTH", "none").with_exposed_ports(7687)
    with neo4j:
        uri = f"bolt://{neo4j.get_container_host_ip()}:{neo4j.get_exposed_port(7687)}"
        _until_it_answers(uri)
        yield uri


class JarServer:
    """A Neo4j from its Maven jars on a folder of its own, which can be killed and started again."""

    def __init__(self, version: str, home: str) -> None:
        jars, java = _jars(version), _java(version)
        port = _free_port()
        self.uri = f"bolt://127.0.0.1:{port}"
        conf, self._output = Path(home, "neo4j.conf"), Path(home, "output.log")
        conf.write_text(CONF.format(port=port))
        self._command = [str(java), "-Xmx1g", "-cp", f"{jars}/*", str(HERE / "Launch.java"), home, str(conf)]
        if sys.platform == "linux":
            self._command = [sys.executable, "-I", "-S", "-c", TIED_TO_PARENT, str(os.getpid()), *self._command]
        self.start()

    @property
    def settings(self) -> Settings:
        """Settings that point at it."""
        return _settings(self.uri)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._output.open("ab") as file:
            self.process = subprocess.Popen(self._command, stdout=file, stderr=file, start_new_session=True)
        atexit.register(self.process.kill)
        _until_it_answers(self.uri, self.process, self._output)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()
        atexit.unregister(self.process.kill)


@contextmanager
def jar_server(version: str = VERSION) -> Iterator[JarServer]:
    """A Neo4j that can be killed. Raises EngineMissing where its jars or its Java cannot be had."""
    with tempfile.TemporaryDirectory(prefix="registry-neo4j-", ignore_cleanup_errors=True) as home:
        server = JarServer(version, home)
        try:
            yield server
        finally:
            server.kill()


def _jars(version: str) -> Path:
    """Neo4j's jars, fetched once; a second run that starts meanwhile waits for the first."""
    folder = platformdirs.user_cache_path("skills-registry-tests", ensure_exists=True)
    jars = folder / f"neo4j-{version}"
    with FileLock(folder / f"neo4j-{version}.lock"):
        if jars.is_dir():
            return jars
        maven = shutil.which("mvn")
        if maven is None:
            raise EngineMissing(
                "no Neo4j: REGISTRY_TEST_NEO4J_URI is not set, no Docker engine answers, no mvn is on PATH"
            )
        with tempfile.TemporaryDirectory(dir=folder) as new:
            fetch = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), f"-Dneo4j.version={version}"]
            fetch += ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={new}/jars"]
            done = subprocess.run(fetch, capture_output=True, text=True, check=False)
            if done.returncode:
                said = next((line for line in done.stdout.splitlines() if "ERROR" in line), done.stderr.strip()[-200:])
                raise EngineMissing(f"no Neo4j: mvn cannot fetch the jars of {version}: {said}")
            Path(new, "jars").rename(jars)
    return jars


def _java(version: str) -> Path:
    """A Java that this Neo4j runs on: 5 wants 17 or 21, later ones 21 or newer."""
    right = {17, 21} if version.startswith("5.") else set(range(21, 100))
    homes = [Path(value) for name, value in os.environ.items() if name.startswith("JAVA_HOME")]
    if found := shutil.which("java"):
        on_path = Path(found).resolve().parents[1]
        homes += [on_path, *sorted(on_path.parent.glob("*/"))]
    for home in homes:
        java = home / "bin" / ("java.exe" if sys.platform == "win32" else "java")
        if java.is_file() and _major(java) in right:
            return java
    raise EngineMissing(f"no Neo4j: {version} wants Java {min(right)} or newer with its compiler, and none was found")


def _major(java: Path) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _until_it_answers(uri: str, server: subprocess.Popen[bytes] | None = None, output: Path | None = None) -> None:
    address = urlsplit(uri)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and (server is None or server.poll() is None):
        with (
            suppress(DriverError, Neo4jError, OSError),
            socket.create_connection((address.hostname, address.port), timeout=5),
            GraphDatabase.driver(uri, connection_timeout=5) as driver,
            driver.session() as session,
        ):
            session.run("RETURN 1 AS one").consume()
            return
        time.sleep(0.2)
    said = output.read_text(errors="replace")[-2000:] if output else ""
    raise RuntimeError(f"Neo4j at {uri} does not answer. {said}")

"""Every setting, read once from ``REGISTRY_*`` environment variables."""

import getpass
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import Invalid

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Count = Annotated[int, Field(ge=1)]


class Settings(BaseSettings):
    """How this registry runs. Each field is the variable ``REGISTRY_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: int = Field(8000, ge=0, le=65_535, description="Port the service listens on.")
    allow_remote: bool = Field(
        False,
        description="Listen beyond loopback although nobody is authenticated. Only behind a gateway that does.",
    )
    allowed_hosts: str = Field(
        "localhost,127.0.0.1,[::1]", description="Host names the service answers to, comma separated."
    )
    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("skills-registry"),
        description="Folder of the embedded engine and of the saved capability index.",
    )
    actor: str = Field(
        default_factory=getpass.getuser, description="Who is named on changes while nobody is authenticated."
    )

    neo4j_uri: str | None = Field(
        None,
        pattern=r"^((bolt|neo4j)(\+s|\+ssc)?://\S+)?$",
        description="Address of a Neo4j server, as bolt://host:7687; the embedded engine when not set.",
    )
    neo4j_user: str = Field("neo4j", description="User on the Neo4j server.")
    neo4j_password: SecretStr = Field(
        SecretStr(""), description="Password on the Neo4j server; empty: no authentication."
    )
    neo4j_database: str = Field("neo4j", description="Database on the Neo4j server.")

    engine_memory_mb: int = Field(512, ge=256, description="Heap of the embedded engine, in MiB.")
    engine_start_timeout: Seconds = Field(60, description="How long to wait for an engine at start, in seconds.")
    query_timeout: Seconds = Field(30, description="Longest time one statement may take, in seconds.")
    retry_timeout: Seconds = Field(15, description="How long the driver retries a transaction, in seconds.")
    pool_size: Count = Field(50, description="Most connections to the engine at once.")
    pool_timeout: Seconds = Field(5, description="How long a request waits for a connection, in seconds.")

    reckoning_timeout: Seconds = Field(20, description="Longest time one reckoning may take, in seconds.")
    max_body_bytes: Count = Field(1_000_000, description="Largest GraphQL request body.")
    max_depth: Count = Field(12, description="Deepest selection in one operation.")
    max_aliases: Count = Field(15, description="Most aliases in one operation.")
    max_directives: Count = Field(8, description="Most directives in one operation.")
    max_tokens: Count = Field(1_000, description="Most tokens in one document.")
    max_cost: Count = Field(5_000, description="Most cost points of one operation.")
    max_cells: Count = Field(500_000, description="Most values of one heat map.")
    operation_timeout: Seconds = Field(30, description="Longest time one operation may take, in seconds.")

    feed_interval: Seconds = Field(0.5, description="How often new changes are looked for while somebody listens.")
    max_subscriptions: Count = Field(100, description="Most subscriptions of the change feed at once.")

    import_batch: int = Field(5_000, ge=100, le=10_000, description="Rows written under one Change by an import.")
    max_file_mb: Count = Field(512, description="Largest file an import reads, unpacked, in MiB.")


def load(**overrides: object) -> Settings:
    """The settings of this process, *overrides* first, then the environment.

    Raises Invalid naming each variable that is wrong, its value and what would be right.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic validates the values
    except ValidationError as error:
        lines = [
            f"REGISTRY_{'_'.join(map(str, each['loc'])).upper()}={each['input']!r}: {each['msg']}"
            for each in error.errors()
        ]
        raise Invalid("Settings: " + "; ".join(lines)) from None

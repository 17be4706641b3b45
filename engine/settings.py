"""Settings from the environment (``TAIZHANG_...``), with embedded defaults."""

from __future__ import annotations

from contextlib import suppress
from datetime import time
from ipaddress import ip_address
from itertools import combinations
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.databases import places

LAST_PORT = 65_535
STORES = ("ledger", "vault", "people", "tokens", "opinions")


def _one(one: str, other: str) -> str | None:
    """Return what is said when both stores are one database; None where they may be."""
    if other in ("tokens", "opinions"):  # who may answer lies apart from answers and names
        zh, en = "凭证、意见须各用自己的数据库", "tokens and opinions need a database each"
    elif (one, other) == ("ledger", "vault"):  # an export of the ledger would carry the texts
        zh, en = "保密库须另用数据库", "the vault needs a database of its own"
    else:
        return None
    first, second = (f"TAIZHANG_{name}_URL".upper() for name in (one, other))
    return (
        f"{first} 与 {second} 指向同一个数据库:{zh} | "
        f"{first} and {second} name one database: {en}"
    )


class Settings(BaseSettings):
    """Where everything is; ``plugins`` unset takes all found, empty is safe mode."""

    model_config = SettingsConfigDict(
        env_prefix="TAIZHANG_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    data_dir: Path = Path("var")
    ledger_url: str | None = None
    vault_url: str | None = None
    people_url: str | None = None
    tokens_url: str | None = None
    opinions_url: str | None = None
    master_key: SecretStr | None = None
    key_file: Path | None = None
    payloads: Literal["encrypted", "migrating", "plain"] = "encrypted"
    payload_keys: Path | None = None
    actor_keys: Path | None = None
    token: SecretStr | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = None
    oidc_redirect: str = "http://127.0.0.1:8765/callback"
    temporal_address: str | None = None
    namespace: str = "default"
    task_queue: str = "taizhang"
    plugin_task_queue: str = "taizhang-plugins"
    plugins: str | None = None
    plugins_dir: Path | None = None
    plugins_file: Path | None = None
    text_limit_bytes: int = Field(default=16_384, ge=1)
    command_limit_bytes: int = Field(default=65_536, ge=1)
    plugin_wait_s: int = Field(default=60, ge=1)
    notices: Literal["off", "simulate", "on"] = "on"
    notice_urls: SecretStr | None = None
    notice_addresses: Path | None = None
    notice_hour: time = time(8, 30)
    retention: Literal["on", "off"] = "on"
    continue_after_events: int = Field(default=500, ge=20)
    append_linger_s: float = Field(default=0.4, ge=0, le=5)
    metrics: str | None = None

    @model_validator(mode="after")
    def _stores_apart(self) -> Self:
        """Refuse one database for what lies apart, however it is spelled; all at once."""
        lie = {name: places(getattr(self, name)) for name in STORES}
        told = [_one(*two) for two in combinations(STORES, 2) if lie[two[0]] & lie[two[1]]]
        if any(told):
            raise ValueError("\n".join(filter(None, told)))
        return self

    @field_validator("metrics")
    @classmethod
    def _on_this_machine(cls, address: str | None) -> str | None:
        """Refuse an address that others reach: whoever asks gets an answer."""
        if not address:
            return None
        host, _, port = address.rpartition(":")
        with suppress(ValueError):
            if ip_address(host.strip("[]")).is_loopback and 1 <= int(port) < LAST_PORT:
                return address
        raise ValueError(
            "须为本机地址与端口 | it takes loopback and a port, such as 127.0.0.1:9464"
        )

    def metrics_address(self, number: int) -> str | None:
        """Return where the part of this ``number`` serves metrics; None serves none."""
        if self.metrics is None:
            return None
        host, _, port = self.metrics.rpartition(":")
        return f"{host}:{int(port) + number}"

    @property
    def ledger(self) -> str:
        """Return the ledger's database URL; a SQLite file in ``data_dir`` by default."""
        return self.ledger_url or f"sqlite:///{self.data_dir.absolute()}/ledger.db"

    @property
    def vault(self) -> str:
        """Return the vault's database URL; its own file, never the ledger's."""
        return self.vault_url or f"sqlite:///{self.data_dir.absolute()}/vault.db"

    @property
    def tokens(self) -> str:
        """Return the URL of the database of tokens: who may still answer, nothing else."""
        return self.tokens_url or f"sqlite:///{self.data_dir.absolute()}/tokens.db"

    @property
    def opinions(self) -> str:
        """Return the URL of the database of opinions; its own, never that of the tokens."""
        return self.opinions_url or f"sqlite:///{self.data_dir.absolute()}/opinions.db"

    @property
    def people(self) -> str:
        """Return the database URL of people; a SQLite file in ``data_dir`` by default."""
        return self.people_url or f"sqlite:///{self.data_dir.absolute()}/people.db"

    @property
    def key_path(self) -> Path:
        """Return where the master key lies unless the environment holds it."""
        return self.key_file or self.data_dir / "master.key"

    @property
    def payload_folder(self) -> Path:
        """Return the folder of the keys that encrypt what Temporal keeps."""
        return self.payload_keys or self.data_dir / "payload-keys"

    @property
    def credential(self) -> str:
        """Return by what whoever works here is known; empty when nobody said."""
        return self.token.get_secret_value() if self.token else ""

    @property
    def actor_folder(self) -> Path:
        """Return the folder of the keys that prove who sends a command."""
        return self.actor_keys or self.data_dir / "actor-keys"

    @property
    def operators_path(self) -> Path:
        """Return the file of the operators who may read payloads; it need not exist."""
        return self.data_dir / "codec-operators"

    @property
    def scopes_path(self) -> Path:
        """Return the file that says which plugins are on for whom; it need not exist."""
        return self.plugins_file or self.data_dir / "plugins.toml"

    @property
    def event_types_path(self) -> Path:
        """Return the file of the types of event that plugins have or ever had."""
        return self.data_dir / "event-types.db"

    @property
    def facts_folder(self) -> Path:
        """Return where plugins keep what they write: ``<plugin>/<unit>``."""
        return self.data_dir / "plugins"

    @property
    def allowed_plugins(self) -> frozenset[str] | None:
        """Return the plugins allowed by name; None allows every one found."""
        if self.plugins is None:
            return None
        return frozenset(name.strip() for name in self.plugins.split(",") if name.strip())

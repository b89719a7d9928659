"""The compose file says what production is; here it is held against the project itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

from jiaozuo_grid.periodic import declared

TEXT = (settings.BASE_DIR / "docker-compose.yml").read_text()


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load(TEXT)["services"])


def test_every_lasting_service_has_a_health_check_and_restarts(services: dict[str, Any]) -> None:
    lasting = {name: service for name, service in services.items() if name != "migrate"}
    workers = {"worker", "worker-statistics", "worker-long"}
    assert set(lasting) == {"web", *workers, "beat", "postgres", "redis"}
    for name, service in lasting.items():
        assert service["healthcheck"]["test"], name
        assert service["restart"] == "unless-stopped", name


def test_every_queue_has_a_worker_and_there_is_one_beat(services: dict[str, Any]) -> None:
    commands = " ".join(str(service.get("command", "")) for service in services.values())
    periodic = {job.queue for job in declared().values()}
    queues = {settings.CELERY_TASK_DEFAULT_QUEUE} | periodic
    assert set(re.findall(r"--queues (\w+)", commands)) == queues
    assert commands.count(" beat ") == 1


def test_no_secret_has_a_default() -> None:
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "ALLOWED_HOSTS"):
        uses = re.findall(r"\$\{" + name + r"([^}]*)\}", TEXT)
        assert uses, name
        assert all(use.startswith(":?") for use in uses), name
    example = (settings.BASE_DIR / ".env.example").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert f"\n{name}=\n" in example


def test_every_volume_and_dependency_is_declared(services: dict[str, Any]) -> None:
    declared = yaml.safe_load(TEXT)["volumes"]
    for service in services.values():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in declared
        assert set(service.get("depends_on", {})) <= set(services)

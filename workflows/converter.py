"""How values become Temporal payloads: pydantic JSON, the same for everyone."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

CONVERTER = pydantic_data_converter

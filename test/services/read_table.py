"""Prints the canonical rows of a table, read by PyIceberg through the catalogue, as a JSON list."""

import json
import sys
from datetime import datetime, timezone

from pyiceberg.catalog import load_catalog

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def text(value):
    return "~" if value is None else str(value)


def items(value):
    # PyIceberg 0.10 reads a null list of structs as an empty one (its projection drops the list's
    # validity); the test's rows hold no empty lists, so both are shown as null.
    if not value:
        return "~"
    return ",".join(f"{text(item['item_id'])}/{text(item['price'])}" for item in value)


def canonical(row):
    at = row["sold_at"]
    micros = None
    if at is not None:
        delta = at - EPOCH
        micros = (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
    tags = None if row["tags"] is None else dict(row["tags"]).get("k")
    share = None if row["share"] is None else int(row["share"] * 8)
    payload = None if row["payload"] is None else row["payload"].hex().upper()
    gift = None if row["gift"] is None else str(row["gift"]).lower()
    values = [row["sale_id"], row["event_id"], row["title"], row["price"], micros, share, gift, payload]
    return "|".join([*map(text, values), items(row["items"]), text(tags), text(row["business_day"])])


catalog = load_catalog("octavo", type="rest", uri=sys.argv[1])
rows = catalog.load_table(sys.argv[2]).scan().to_arrow().to_pylist()
print(json.dumps([canonical(row) for row in rows]))

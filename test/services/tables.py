"""Reads and writes tables through PyIceberg: a request as a line of JSON on standard input, its answer as one on output.

{"catalogue": {"uri", "token"}, "table": "raw.sales"}  or  {"metadata": path}  says which table;
  "snapshot": id, "filters": [[column, operator, text], ...], "count": true (of rows)
{"append": [{column: text}, ...]} adds rows, {"addColumn": {"name", "default"}} adds a long column with a default value.
"""

import json
import struct
import sys
import uuid
from datetime import date, datetime, timezone
from decimal import Decimal

import pyarrow as pa
from pyiceberg import types
from pyiceberg.catalog import load_catalog
from pyiceberg.expressions import And, AlwaysTrue, EqualTo, GreaterThan, IsNull, LessThanOrEqual
from pyiceberg.table import StaticTable

EPOCH = datetime(1970, 1, 1)
OPERATORS = {"=": EqualTo, ">": GreaterThan, "<=": LessThanOrEqual}


def canonical(value, kind):
    """A value as text, in the form of canonical.ts."""
    if value is None:
        return None
    if isinstance(kind, types.StructType):
        inner = [canonical(value[field.name], field.field_type) for field in kind.fields]
        return "{" + ",".join("null" if text is None else text for text in inner) + "}"
    if isinstance(kind, types.ListType):
        inner = [canonical(item, kind.element_type) for item in value]
        return "[" + ",".join("null" if text is None else text for text in inner) + "]"
    if isinstance(kind, types.MapType):
        pairs = [(canonical(key, kind.key_type), canonical(item, kind.value_type)) for key, item in dict(value).items()]
        return "<" + ",".join(sorted(f"{key}:{'null' if item is None else item}" for key, item in pairs)) + ">"
    if isinstance(kind, (types.TimestampType, types.TimestamptzType)):
        delta = value.replace(tzinfo=None) - EPOCH
        return str((delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds)
    if isinstance(kind, types.UUIDType):
        return str(value if isinstance(value, uuid.UUID) else uuid.UUID(bytes=value))
    if isinstance(kind, types.BinaryType):
        return value.hex().upper()
    if isinstance(kind, types.BooleanType):
        return str(value).lower()
    if isinstance(kind, types.DecimalType):
        return format(value, "f")
    return str(value)


def literal(kind, text):
    """The value that a text stands for."""
    if isinstance(kind, types.UUIDType):
        return uuid.UUID(text)
    if isinstance(kind, types.DecimalType):
        return Decimal(text)
    if isinstance(kind, types.DateType):
        return date.fromisoformat(text)
    if isinstance(kind, types.TimestamptzType):
        return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    if isinstance(kind, types.TimestampType):
        return datetime.fromisoformat(text)
    if isinstance(kind, types.BinaryType):
        return bytes.fromhex(text)
    if isinstance(kind, types.BooleanType):
        return text == "true"
    if isinstance(kind, types.FloatType):
        return struct.unpack("f", struct.pack("f", float(text)))[0]
    if isinstance(kind, types.DoubleType):
        return float(text)
    return text if isinstance(kind, types.StringType) else int(text)


def row_filter(table, filters):
    condition = AlwaysTrue()
    for column, operator, text in filters:
        kind = table.schema().find_type(column)
        test = IsNull(column) if operator == "is null" else OPERATORS[operator](column, literal(kind, text))
        condition = And(condition, test)
    return condition


def open_table(request):
    if "metadata" in request:
        return StaticTable.from_metadata(request["metadata"])
    return load_catalog("octavo", type="rest", **request["catalogue"]).load_table(request["table"])


def append(table, rows):
    schema = table.schema()
    arrow = schema.as_arrow()
    typed = [{name: literal(schema.find_type(name), text) for name, text in row.items()} for row in rows]
    table.append(pa.Table.from_pylist(typed, schema=pa.schema([arrow.field(name) for name in rows[0]])))


def add_column(table, column):
    with table.update_schema() as update:
        update.add_column(column["name"], types.LongType(), default_value=column["default"])


def answer(request):
    table = open_table(request)
    if "append" in request:
        return append(table, request["append"])
    if "addColumn" in request:
        return add_column(table, request["addColumn"])
    scan = table.scan(row_filter=row_filter(table, request.get("filters", [])), snapshot_id=request.get("snapshot"))
    if request.get("count"):
        return scan.to_arrow().num_rows
    schema = scan.projection()
    rows = scan.to_arrow().to_pylist()
    return [[canonical(row[field.name], field.field_type) for field in schema.fields] for row in rows]


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    try:
        print(json.dumps({"result": answer(json.loads(line))}), flush=True)
    except Exception as error:  # The test decides what is a failure.
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)

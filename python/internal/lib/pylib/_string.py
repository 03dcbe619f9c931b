"""The parsers below string.Formatter."""

from string import _parse_format as formatter_parser
from string import _split_field as formatter_field_name_split

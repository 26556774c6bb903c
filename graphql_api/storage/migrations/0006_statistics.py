"""The statistics of each month, as they were published."""

from typing import Any

from peewee import BigIntegerField, CharField, CompositeKey, IntegerField, Model


class StatisticsMonth(Model):
    month = CharField(max_length=7, primary_key=True)
    published_at = BigIntegerField()
    deviation = IntegerField()
    smallest_shown = IntegerField()

    class Meta:
        table_name = "statistics_month"


class StatisticsCell(Model):
    month = CharField(max_length=7)
    name = CharField(max_length=40)
    code = CharField(max_length=40)
    persons = IntegerField(null=True)

    class Meta:
        table_name = "statistics_cell"
        primary_key = CompositeKey("month", "name", "code")


def up(migrator: Any, db: Any) -> None:
    """Create the tables."""
    models = [StatisticsMonth, StatisticsCell]
    db.bind(models)
    db.create_tables(models, safe=False)

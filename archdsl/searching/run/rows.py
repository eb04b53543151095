"""The rows of Optuna's tables that a search writes: a trial begins in one transaction, and ends in
one.

Optuna's own calls take a transaction, and a few queries, for every parameter and attribute of a
trial. These write the same rows (through Optuna's table classes, so its versions stay in charge of
what is in them) at once.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.runtime.extras import needing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from optuna.storages import RDBStorage
    from sqlalchemy.orm import Session

    from archdsl.searching.run.params import Param

RUNNING, COMPLETE, FAILED, PRUNED = "RUNNING", "COMPLETE", "FAIL", "PRUNED"
KNOWN = 400  # trials asked for by their number at once


class Row(NamedTuple):
    """A trial as it is stored. ``attributes`` are ours, as JSON texts."""

    id: int
    number: int
    state: str
    values: tuple[float, ...] | None
    attributes: dict[str, str]
    began: datetime | None = None
    ended: datetime | None = None


class Rows:
    """The trials of one study."""

    def __init__(self, storage: RDBStorage, study: int) -> None:
        with needing("a search"):
            import optuna
            import sqlalchemy
            from optuna.storages._rdb import models
            from sqlalchemy.orm import sessionmaker

        self.storage = storage
        self.study = study
        self._tables: Any = models
        self._sql = sqlalchemy
        self._session = sessionmaker(storage.engine, expire_on_commit=False).begin
        self._states = optuna.trial.TrialState

    def add(self, params: Sequence[Param], attributes: Mapping[str, str]) -> tuple[int, int]:
        """A new trial that runs: its id in the database, and its number in the study. Whoever adds
        one has its turn (:mod:`archdsl.searching.run.turns`)."""
        with self._session() as session:
            number = session.scalar(
                self._sql.select(self._sql.func.count()).where(
                    self._tables.TrialModel.study_id == self.study
                )
            )
            trial = self._tables.TrialModel(
                study_id=self.study, number=number, state=self._states.RUNNING
            )
            trial.datetime_start = datetime.now().astimezone().replace(tzinfo=None)
            session.add(trial)
            session.flush()
            self._insert(session, trial.trial_id, params, attributes)
            return trial.trial_id, int(number or 0)

    def _insert(
        self, session: Session, id: int, params: Sequence[Param], attributes: Mapping[str, str]
    ) -> None:
        if params:
            rows = [
                {
                    "trial_id": id,
                    "param_name": param.name,
                    "param_value": param.value,
                    "distribution_json": param.distribution,
                }
                for param in params
            ]
            session.execute(self._sql.insert(self._tables.TrialParamModel), rows)
        if attributes:
            named = [
                {"trial_id": id, "key": k, "value_json": text} for k, text in attributes.items()
            ]
            session.execute(self._sql.insert(self._tables.TrialUserAttributeModel), named)

    def end(
        self,
        id: int,
        state: str,
        values: Sequence[float] | None,
        attributes: Mapping[str, str],
    ) -> bool:
        """Write how a trial ended; False, and nothing is written, where that was done before."""
        with self._session() as session:
            trial = session.scalars(
                self._sql.select(self._tables.TrialModel)
                .where(self._tables.TrialModel.trial_id == id)
                .with_for_update()
            ).one()
            if trial.state != self._states.RUNNING:
                return False
            kinds = self._tables.TrialValueModel.value_to_stored_repr
            for place, value in enumerate(values or ()):
                stored, kind = kinds(value)
                session.add(
                    self._tables.TrialValueModel(
                        trial_id=id, objective=place, value=stored, value_type=kind
                    )
                )
            self._insert(session, id, (), attributes)
            trial.state = self._states[state]
            trial.datetime_complete = datetime.now().astimezone().replace(tzinfo=None)
            return True

    def reopen(self, id: int, attributes: Mapping[str, str], forgotten: Collection[str]) -> bool:
        """Let a trial that failed run again, without its values and its ``forgotten`` attributes
        and with new ones; False, and nothing is written, where it is none that failed."""
        sql, tables = self._sql, self._tables
        with self._session() as session:
            trial = session.scalars(
                sql.select(tables.TrialModel)
                .where(tables.TrialModel.trial_id == id)
                .with_for_update()
            ).one()
            if trial.state != self._states[FAILED]:
                return False
            for table in (tables.TrialValueModel, tables.TrialIntermediateValueModel):
                session.execute(sql.delete(table).where(table.trial_id == id))
            kept = tables.TrialUserAttributeModel
            old = kept.key.in_({*forgotten, *attributes})
            session.execute(sql.delete(kept).where(kept.trial_id == id, old))
            self._insert(session, id, (), attributes)
            trial.state = self._states[RUNNING]
            trial.datetime_complete = None
            return True

    def exchange(self, id: int, key: str, old: str, new: str) -> bool:
        """Set an attribute of a trial that runs, if it still is what it was: of several that try,
        one succeeds."""
        table = self._tables.TrialUserAttributeModel
        runs = self._sql.select(self._tables.TrialModel.trial_id).where(
            self._tables.TrialModel.trial_id == id,
            self._tables.TrialModel.state == self._states.RUNNING,
        )
        with self._session() as session:
            changed: Any = session.execute(
                self._sql.update(table)
                .where(table.trial_id.in_(runs), table.key == key, table.value_json == old)
                .values(value_json=new)
                .execution_options(synchronize_session=False)
            )
            return bool(changed.rowcount == 1)

    def report(self, id: int, step: int, value: float) -> None:
        """A value on the way, of an epoch; one that was there is replaced."""
        self.storage.set_trial_intermediate_value(id, step, value)

    def reported(self) -> dict[int, dict[int, float]]:
        """The values on the way of all trials, by number and epoch."""
        table, trials = self._tables.TrialIntermediateValueModel, self._tables.TrialModel
        asked = (
            self._sql.select(trials.number, table.step, table.intermediate_value)
            .join(trials, trials.trial_id == table.trial_id)
            .where(trials.study_id == self.study, table.intermediate_value.is_not(None))
        )
        found: dict[int, dict[int, float]] = {}
        with self._session() as session:
            for number, step, value in session.execute(asked):
                found.setdefault(number, {})[step] = value
        return found

    def changed(self, after: int, unfinished: Collection[int] = ()) -> list[Row]:
        """The trials behind an id, and those of some ids, as they are now."""
        table = self._tables.TrialModel
        ids = sorted(unfinished)
        rows: list[Row] = []
        with self._session() as session:
            for part in [ids[i : i + KNOWN] for i in range(0, len(ids), KNOWN)]:
                rows += self._read(session, table.trial_id.in_(part))
            rows += self._read(session, table.trial_id > after)
        return sorted({row.id: row for row in rows}.values(), key=lambda row: row.number)

    def _read(self, session: Session, condition: Any) -> Iterator[Row]:
        table = self._tables.TrialModel
        ours = self._sql.and_(table.study_id == self.study, condition)
        trials = session.scalars(self._sql.select(table).where(ours)).all()
        if not trials:
            return
        ids = self._sql.select(table.trial_id).where(ours)
        attributes: dict[int, dict[str, str]] = {}
        kept = self._tables.TrialUserAttributeModel
        asked = self._sql.select(kept.trial_id, kept.key, kept.value_json).where(
            kept.trial_id.in_(ids)
        )
        for id, key, text in session.execute(asked):
            attributes.setdefault(id, {})[key] = text
        values: dict[int, dict[int, float]] = {}
        given = self._tables.TrialValueModel
        columns = self._sql.select(given.trial_id, given.objective, given.value, given.value_type)
        for id, place, stored, kind in session.execute(columns.where(given.trial_id.in_(ids))):
            values.setdefault(id, {})[place] = given.stored_repr_to_value(stored, kind)
        for trial in trials:
            found = values.get(trial.trial_id)
            yield Row(
                trial.trial_id,
                trial.number,
                trial.state.name,
                tuple(found[place] for place in sorted(found)) if found else None,
                attributes.get(trial.trial_id, {}),
                trial.datetime_start,
                trial.datetime_complete,
            )

    def states(self, after: int, unfinished: Collection[int]) -> dict[int, str]:
        """The states of the trials behind an id, and of those of some ids: what is asked often."""
        table = self._tables.TrialModel
        which = table.trial_id > after
        if unfinished and len(unfinished) <= KNOWN:
            which = self._sql.or_(which, table.trial_id.in_(sorted(unfinished)))
        elif unfinished:
            which = self._sql.or_(which, table.state != self._states.RUNNING)
        asked = self._sql.select(table.trial_id, table.state).where(
            table.study_id == self.study, which
        )
        with self._session() as session:
            return {id: state.name for id, state in session.execute(asked)}

    def distributions(self) -> dict[str, str]:
        """The choices that trials made: the distribution of each in Optuna's JSON."""
        table = self._tables.TrialParamModel
        asked = (
            self._sql.select(table.param_name, table.distribution_json)
            .join(self._tables.TrialModel)
            .where(self._tables.TrialModel.study_id == self.study)
            .distinct()
        )
        with self._session() as session:
            return {row.param_name: row.distribution_json for row in session.execute(asked)}

    def study_attributes(self) -> dict[str, Any]:
        """What is kept of the study as a whole."""
        found: dict[str, Any] = self.storage.get_study_user_attrs(self.study)
        return found

    def set_study_attribute(self, key: str, value: Any) -> None:
        """Keep something of the study as a whole; None forgets it."""
        self.storage.set_study_user_attr(self.study, key, value)

    def remove_study(self) -> None:
        """Remove the study with its trials."""
        self.storage.delete_study(self.study)


def loaded(text: str | None) -> Any:
    """An attribute as it was before it was a text."""
    return None if text is None else json.loads(text)
